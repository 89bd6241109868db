package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"github.com/eiengine/eiengine"
)

func convertCommand() *cobra.Command {
	var to string
	var schema bool
	c := &cobra.Command{
		Use:   "convert [--to text|yaml|json] FILE [NAME] | - | LINE... | --schema",
		Short: "Write pipelines as a launch line, YAML or JSON",
		Long: `convert reads a file of pipelines, a launch line, or either from standard input,
and writes the same pipelines in another form. Without --to a line becomes YAML
and a file becomes a line. Of a file with several pipelines, NAME says which one
becomes the line.

YAML and JSON keep variables such as ${MODEL}. A line has none: they are replaced
by what the environment holds. Whether elements and properties exist is not
looked at.

--schema writes the JSON Schema of such files instead, with every element and its
properties, for editors.`,
		Example: `  eiengine convert videotestsrc num-buffers=10 ! pngenc ! multifilesink location=%03d.png > pipelines.yaml
  eiengine convert pipelines.yaml
  eiengine convert --to json pipelines.yaml`,
		Args: func(c *cobra.Command, args []string) error {
			if schema {
				return cobra.NoArgs(c, args)
			}
			return cobra.MinimumNArgs(1)(c, args)
		},
		RunE: func(c *cobra.Command, args []string) error {
			if schema {
				return writeSchema(c.OutOrStdout())
			}
			err := convert(args, to, c.InOrStdin(), c.OutOrStdout())
			var places *eiengine.BuildError
			if errors.As(err, &places) {
				return refuseFile(err, c.ErrOrStderr())
			}
			return err
		},
	}
	f := c.Flags()
	f.SetInterspersed(false) // what begins with "-" inside the line belongs to it
	f.BoolVar(&schema, "schema", false, "write the JSON Schema of files of pipelines")
	f.StringVar(&to, "to", "", "the form to write: text, yaml or json")
	return c
}

func writeSchema(w io.Writer) error {
	text, err := eiengine.FileSchema(eiengine.DefaultRegistry())
	if err == nil {
		_, err = w.Write(text)
	}
	return err
}

func convert(args []string, to string, stdin io.Reader, stdout io.Writer) error {
	file, names, isLine, err := readAny(args, stdin)
	if err != nil {
		return err
	}
	if to == "" {
		to = "text"
		if isLine {
			to = "yaml"
		}
	}
	var text []byte
	switch to {
	case "yaml":
		text, err = file.YAML()
	case "json":
		text, err = file.JSON()
	case "text":
		text, err = lineOf(file, names)
	default:
		return fmt.Errorf("--to %s: want text, yaml or json", to)
	}
	if err == nil && len(names) > 0 && to != "text" {
		err = fmt.Errorf("a name is only of use with --to text: %s is written as a whole", to)
	}
	if err == nil {
		_, err = stdout.Write(text)
	}
	return err
}

// readAny reads what the arguments stand for: a file, standard input or a line.
func readAny(args []string, stdin io.Reader) (file *eiengine.File, names []string, isLine bool, err error) {
	path, names := args[0], args[1:]
	var text []byte
	switch info, missing := os.Stat(path); {
	case path == "-":
		path = "standard input"
		text, err = io.ReadAll(stdin)
	case missing == nil && info.Mode().IsRegular(), isFileName(path):
		text, err = os.ReadFile(path)
	default:
		file, err = fromLine(eiengine.QuoteArgs(args))
		return file, nil, true, err
	}
	if err != nil {
		return nil, nil, false, err
	}
	if isFileName(path) || pipelinesKey.Match(text) {
		file, err = eiengine.ParseFile(path, text)
		return file, names, false, err
	}
	file, err = fromLine(string(text))
	return file, names, true, err
}

// pipelinesKey tells a file of pipelines from a launch line.
var pipelinesKey = regexp.MustCompile(`(?m)^[\s{]*["']?pipelines["']?\s*:(\s|$)`)

func isFileName(path string) bool {
	switch filepath.Ext(path) {
	case ".yaml", ".yml", ".json":
		return !strings.ContainsAny(path, "=! ")
	}
	return false
}

func fromLine(line string) (*eiengine.File, error) {
	spec, err := eiengine.ParseLaunch(line)
	if err != nil {
		return nil, err
	}
	return eiengine.NewFile(spec)
}

// lineOf is one pipeline of a file as text.
func lineOf(file *eiengine.File, names []string) ([]byte, error) {
	if len(names) == 0 {
		names = file.Names()
	}
	if len(names) > 1 {
		return nil, fmt.Errorf("a line is one pipeline: name one of %s, or use --to yaml or json", strings.Join(names, ", "))
	}
	spec, err := file.Spec(names[0], os.LookupEnv)
	if err != nil {
		return nil, err
	}
	return []byte(spec.String() + "\n"), nil
}
