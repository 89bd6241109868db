package eiengine

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sort"
	"strings"
	"unicode/utf8"
)

// parseJSON reads one JSON value.
func parseJSON(text []byte) (*fileNode, error) {
	if !utf8.Valid(text) {
		return nil, errors.New("the file is not UTF-8 text: save it as UTF-8")
	}
	j := jsonReader{text: text, dec: json.NewDecoder(bytes.NewReader(text))}
	j.dec.UseNumber()
	for i, c := range text {
		if c == '\n' {
			j.newlines = append(j.newlines, i)
		}
	}
	root, err := j.value(0)
	if err == nil {
		if _, more := j.dec.Token(); more != io.EOF {
			err = errors.New("text behind the last brace: remove it")
		}
	}
	if err == nil {
		return root, nil
	}
	var at *placeError
	if errors.As(err, &at) {
		return nil, err
	}
	return nil, &placeError{j.next(), err}
}

type jsonReader struct {
	text     []byte
	dec      *json.Decoder
	newlines []int
}

// place counts lines and characters up to a byte.
func (j *jsonReader) place(offset int) filePlace {
	offset = min(max(offset, 0), len(j.text))
	line := sort.SearchInts(j.newlines, offset)
	start := 0
	if line > 0 {
		start = j.newlines[line-1] + 1
	}
	return filePlace{line + 1, 1 + utf8.RuneCount(j.text[start:offset])}
}

// token reads the next token and says where it begins.
func (j *jsonReader) token() (json.Token, filePlace, error) {
	at := j.next()
	t, err := j.dec.Token()
	if err == io.EOF {
		err = errors.New("the text ends too early: close what is open")
	}
	return t, at, err
}

// next is where the next token begins.
func (j *jsonReader) next() filePlace {
	rest := j.text[j.dec.InputOffset():]
	return j.place(len(j.text) - len(bytes.TrimLeft(rest, " \t\r\n,:")))
}

func (j *jsonReader) value(depth int) (*fileNode, error) {
	t, at, err := j.token()
	if err != nil {
		return nil, err
	}
	if depth > maxNesting {
		return nil, &placeError{at, errors.New("too deeply nested: pipelines need a few levels only")}
	}
	n := &fileNode{kind: fileScalar, at: at}
	switch t := t.(type) {
	case nil:
		n.kind = fileNothing
	case bool:
		n.text = fmt.Sprint(t)
	case json.Number:
		n.text = numberText(t.String())
	case string:
		n.text = t
		n.inside = func(char int) filePlace { return filePlace{at.line, at.column + 1 + char} }
	case json.Delim:
		if t == '[' {
			return n, j.list(n, depth)
		}
		return n, j.mapping(n, depth)
	}
	return n, nil
}

func (j *jsonReader) list(n *fileNode, depth int) error {
	n.kind = fileList
	for j.dec.More() {
		item, err := j.value(depth + 1)
		if err != nil {
			return err
		}
		n.list = append(n.list, item)
	}
	_, _, err := j.token()
	return err
}

func (j *jsonReader) mapping(n *fileNode, depth int) error {
	n.kind = fileMap
	for j.dec.More() {
		key, at, err := j.token()
		if err != nil {
			return err
		}
		name, ok := key.(string)
		if !ok {
			return &placeError{at, errors.New("a key has to be a text in quotes")}
		}
		value, err := j.value(depth + 1)
		if err != nil {
			return err
		}
		n.keys = append(n.keys, fileKey{name, at, value})
	}
	_, _, err := j.token()
	return err
}

// appendJSON writes entries on lines of their own where YAML would.
func (n *fileNode) appendJSON(b []byte, indent int) []byte {
	open, end := byte('['), byte(']')
	switch n.kind {
	case fileScalar:
		if isPlain(n.text) {
			return append(b, n.text...)
		}
		return appendQuoted(b, n.text)
	case fileMap:
		open, end = '{', '}'
	}
	between := func(i, indent int) {
		if i > 0 {
			b = append(b, ',')
		}
		switch {
		case n.block:
			b = append(b, "\n"+strings.Repeat(" ", indent)...)
		case i > 0:
			b = append(b, ' ')
		}
	}
	b = append(b, open)
	for i, k := range n.keys {
		between(i, indent+2)
		b = append(appendQuoted(b, k.name), ": "...)
		b = k.value.appendJSON(b, indent+2)
	}
	for i, item := range n.list {
		between(i, indent+2)
		b = item.appendJSON(b, indent+2)
	}
	if n.block {
		b = append(b, "\n"+strings.Repeat(" ", indent)...)
	}
	return append(b, end)
}
