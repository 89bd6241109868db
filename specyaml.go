package eiengine

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// parseYAML reads one YAML document.
func parseYAML(text []byte) (*fileNode, error) {
	if !utf8.Valid(text) {
		return nil, errors.New("the file is not UTF-8 text: save it as UTF-8")
	}
	y := yamlReader{lines: strings.Split(strings.ReplaceAll(string(text), "\r\n", "\n"), "\n")}
	file, err := parser.ParseBytes(text, 0)
	var bad *yaml.SyntaxError
	if errors.As(err, &bad) {
		return nil, y.syntaxError(bad)
	}
	if err != nil {
		return nil, err
	}
	var root *fileNode
	for _, d := range file.Docs {
		if d.Body == nil {
			continue
		}
		n, err := y.node(d.Body, 0)
		if err != nil {
			return nil, err
		}
		if root != nil {
			return nil, &placeError{n.at, errors.New("a second document: keep all pipelines in one, without ---")}
		}
		root = n
	}
	if root == nil {
		root = &fileNode{at: filePlace{1, 1}}
	}
	return root, nil
}

// syntaxError adds what helps most often: launch lines hold characters that mean
// something to YAML.
func (y *yamlReader) syntaxError(bad *yaml.SyntaxError) error {
	at, remedy := yamlPlace(bad.Token), ""
	if at.line <= len(y.lines) && strings.Contains(y.lines[at.line-1], "launch:") {
		remedy = `; put a line that holds ": " or " #", or begins with { [ " or ', behind "launch: |" and on the next line`
	}
	return &placeError{at, errors.New(bad.Message + remedy)}
}

func yamlPlace(t *token.Token) filePlace {
	if t == nil || t.Position == nil {
		return filePlace{1, 1}
	}
	return filePlace{max(t.Position.Line, 1), max(t.Position.Column, 1)}
}

type yamlReader struct{ lines []string }

// maxNesting is deeper than any pipeline.
const maxNesting = 100

func (y *yamlReader) node(n ast.Node, depth int) (*fileNode, error) {
	if n == nil {
		return &fileNode{at: filePlace{1, 1}}, nil
	}
	at := yamlPlace(n.GetToken())
	if depth > maxNesting {
		return nil, &placeError{at, errors.New("too deeply nested: pipelines need a few levels only")}
	}
	switch n := n.(type) {
	case *ast.NullNode:
		return &fileNode{at: at}, nil
	case *ast.MappingNode:
		return y.mapping(n.Values, n.Start, depth)
	case *ast.MappingValueNode:
		return y.mapping([]*ast.MappingValueNode{n}, nil, depth)
	case *ast.SequenceNode:
		out := &fileNode{kind: fileList, at: at}
		for _, v := range n.Values {
			item, err := y.node(v, depth+1)
			if err != nil {
				return nil, err
			}
			out.list = append(out.list, item)
		}
		return out, nil
	case *ast.AnchorNode, *ast.AliasNode, *ast.MergeKeyNode:
		return nil, &placeError{at, errors.New("anchors and aliases (& * <<) are not read: write it out, or use a variable, ${NAME}")}
	case *ast.TagNode:
		return nil, &placeError{at, errors.New("tags (!) are not read: put the value in quotes if it is a text")}
	}
	return y.scalar(n, at)
}

func (y *yamlReader) mapping(values []*ast.MappingValueNode, start *token.Token, depth int) (*fileNode, error) {
	out := &fileNode{kind: fileMap, at: yamlPlace(start)}
	for i, v := range values {
		key, err := y.node(v.Key, depth+1)
		if err != nil {
			return nil, err
		}
		if key.kind != fileScalar {
			return nil, &placeError{key.at, fmt.Errorf("a key is %s, want a name", key.kind)}
		}
		value, err := y.node(v.Value, depth+1)
		if err != nil {
			return nil, err
		}
		if value.kind == fileNothing {
			value.at = key.at
		}
		if i == 0 && (start == nil || start.Type != token.MappingStartType) {
			out.at = key.at
		}
		out.keys = append(out.keys, fileKey{key.text, key.at, value})
	}
	return out, nil
}

// scalar is a value as it is written, but for numbers with an exponent.
func (y *yamlReader) scalar(n ast.Node, at filePlace) (*fileNode, error) {
	out := &fileNode{kind: fileScalar, at: at}
	switch n := n.(type) {
	case *ast.StringNode:
		out.text = n.Value
		out.inside = y.inside(at, n.Token)
		if n.Token.Type == token.StringType {
			out.text = numberText(n.Value)
		}
	case *ast.LiteralNode:
		out.text = n.Value.Value
		out.inside = y.inside(filePlace{at.line + 1, 1}, nil)
	case *ast.BoolNode:
		out.text = strconv.FormatBool(n.Value)
	case *ast.IntegerNode:
		out.text = n.Token.Value
		if strings.Contains(out.text, "_") {
			out.text = fmt.Sprint(n.Value)
		}
	case *ast.FloatNode:
		out.text = numberText(n.Token.Value)
	case *ast.InfinityNode, *ast.NanNode:
		out.text = n.GetToken().Value
	case *ast.MappingKeyNode:
		return nil, &placeError{at, errors.New(`complex keys ("?") are not read: write name: value`)}
	default:
		return nil, &placeError{at, fmt.Errorf("%s is not read here", n.Type())}
	}
	return out, nil
}

var exponent = regexp.MustCompile(`^[-+]?(\d+\.?\d*|\.\d+)[eE][-+]?\d{1,3}$`)

// numberText writes a number without an exponent, if that is what it means: 1e6
// is 1000000. Others stay as they are, so that 1.10 does.
func numberText(text string) string {
	if !exponent.MatchString(text) {
		return text
	}
	v, err := strconv.ParseFloat(text, 64)
	if err != nil || math.Abs(v) >= 1e21 {
		return text
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// inside says where in the file a character of a text stands. Lines of texts that
// go over several lines are joined by one character each.
func (y *yamlReader) inside(at filePlace, t *token.Token) func(int) filePlace {
	if t != nil && (t.Type == token.DoubleQuoteType || t.Type == token.SingleQuoteType) {
		at.column++
	}
	return func(char int) filePlace {
		where := at
		for where.line <= len(y.lines) {
			line := y.lines[where.line-1]
			if where != at || t == nil {
				where.column = 1 + len(line) - len(strings.TrimLeft(line, " \t"))
			}
			length := max(0, utf8.RuneCountInString(strings.TrimRight(line, " \t"))-where.column+1)
			if char <= length || where.line == len(y.lines) {
				break
			}
			char -= length + 1
			where.line++
		}
		where.column += char
		return where
	}
}
