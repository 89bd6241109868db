package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/eiengine/eiengine/infer/builtin"
	"github.com/eiengine/eiengine/infer/models"
)

func modelExportCommand() *cobra.Command {
	var out string
	c := &cobra.Command{
		Use:   "export NAME -o FILE.eim|FILE.onnx",
		Short: "Write a model of the engine to a file",
		Long: `export writes a model that comes with the engine as a file for other programs.

A .eim is an executable that any runner of such files can drive: a copy of this
program that serves the model. It runs where this program runs.

An .onnx holds the network, and a .json beside it says what its numbers mean.
Models that are more than one network have no such form.`,
		Example: `  eiengine model export shapes -o shapes.eim
  edge-impulse-linux-runner --model-file shapes.eim
  eiengine model export shapes -o shapes.onnx`,
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: cobra.FixedCompletions(builtin.Names(), cobra.ShellCompDirectiveNoFileComp),
		RunE: func(c *cobra.Command, args []string) error {
			name, _ := strings.CutPrefix(args[0], "builtin:")
			written, err := export(name, out)
			for _, file := range written {
				fmt.Fprintln(c.OutOrStdout(), "wrote", file)
			}
			return err
		},
	}
	c.Flags().StringVarP(&out, "output", "o", "", "file to write; its ending says what: .eim or .onnx")
	return c
}

// export writes the model and returns the names of the files that are written.
func export(name, out string) (written []string, err error) {
	switch filepath.Ext(out) {
	case ".onnx":
		model, description, err := builtin.ONNX(name)
		if err != nil {
			return nil, err
		}
		if err := replaceFile(out, 0o644, bytes.NewReader(model)); err != nil {
			return nil, err
		}
		beside := strings.TrimSuffix(out, ".onnx") + ".json"
		if err := replaceFile(beside, 0o644, bytes.NewReader(description)); err != nil {
			return []string{out}, err
		}
		return []string{out, beside}, nil
	case ".eim":
		model, err := builtin.Open(name)
		if err != nil {
			return nil, err
		}
		if err := model.Close(); err != nil {
			return nil, err
		}
		if err := writeEIM(name, out); err != nil {
			return nil, err
		}
		return []string{out}, nil
	}
	return nil, fmt.Errorf("-o %q: name a file that ends with .eim or .onnx", out)
}

// writeEIM copies this program and puts the model's name at its end, where
// carriedModel finds it.
func writeEIM(name, out string) error {
	self, err := os.Open("/proc/self/exe")
	if err != nil {
		return err
	}
	defer self.Close()
	info, err := self.Stat()
	if err != nil {
		return err
	}
	size := info.Size()
	if carriedModel() != "" {
		size -= trailerSize
	}
	return replaceFile(out, 0o755, io.MultiReader(io.NewSectionReader(self, 0, size), bytes.NewReader(trailer(name))))
}

// replaceFile writes a file beside its place and moves it there when it is whole.
func replaceFile(name string, mode os.FileMode, content io.Reader) error {
	f, err := os.CreateTemp(filepath.Dir(name), ".export-")
	var cause *fs.PathError
	if errors.As(err, &cause) {
		return fmt.Errorf("cannot write %s: %w; name a folder that is there and may be written to", name, cause.Err)
	}
	if err != nil {
		return err
	}
	_, err = io.Copy(f, content)
	err = errors.Join(err, f.Chmod(mode), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		if e := os.Remove(f.Name()); e != nil {
			err = fmt.Errorf("%w; what was written stays behind: %w", err, e)
		}
		return fmt.Errorf("cannot write %s: %w", name, err)
	}
	return nil
}

// A program that carries a model ends with a mark and the model's name, filled up
// with zeros to trailerSize.
const (
	trailerSize = 64
	trailerMark = "\x00eiengine.eim\x00"
)

func trailer(name string) []byte {
	b := make([]byte, trailerSize)
	copy(b[copy(b, trailerMark):], name)
	return b
}

// carriedModel is the model that this program serves whatever its arguments,
// "" for the usual program.
func carriedModel() string {
	self, err := os.Open("/proc/self/exe")
	if err != nil {
		return "" // no /proc: not a file that export wrote and somebody runs
	}
	defer self.Close()
	end := make([]byte, trailerSize)
	if _, err := self.Seek(-trailerSize, io.SeekEnd); err != nil {
		return ""
	}
	if _, err := io.ReadFull(self, end); err != nil {
		return ""
	}
	name, ok := bytes.CutPrefix(end, []byte(trailerMark))
	if !ok {
		return ""
	}
	return string(bytes.TrimRight(name, "\x00"))
}

// beModel serves the model that this program carries and returns the exit status.
func beModel(name string, args []string, stderr io.Writer) int {
	err := serveModel(models.BuiltinScheme+name, args)
	var status exitStatus
	switch {
	case err == nil:
		return 0
	case errors.As(err, &status):
		return int(status)
	}
	fmt.Fprintln(stderr, "ERR:", oneLine(err.Error()))
	return 1
}
