package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"github.com/eiengine/eiengine"
)

func runCommand() *cobra.Command {
	var flags launchFlags
	c := &cobra.Command{
		Use:   "run FILE [NAME...] [OPTIONS]",
		Short: "Run the pipelines of a file",
		Long: `run plays the pipelines of a YAML or JSON file, all of them or those that are
named, together in one engine, until each has ended. It has the options of launch
and tells what launch tells; with several pipelines each line begins with the name
of one, with --json each object has it as "pipeline", and --dot FILE.dot writes
FILE-NAME.dot for each.

Ctrl-C stops all of them, a second one leaves at once. The exit status is that
of launch, and the highest of several. If one pipeline of the file has a mistake
none is played.`,
		Example: `  eiengine run pipelines.yaml
  MODEL=model.eim eiengine run pipelines.yaml detect -v`,
		Args: func(c *cobra.Command, args []string) error {
			if asksForCategories(c) {
				return nil
			}
			return cobra.MinimumNArgs(1)(c, args)
		},
		RunE: func(c *cobra.Command, args []string) error {
			if asksForCategories(c) {
				return writeCategories(c.OutOrStdout(), flags.debug)
			}
			return runFile(args[0], args[1:], flags, c.OutOrStdout(), c.ErrOrStderr())
		},
	}
	flags.add(c)
	return c
}

// runFile builds every pipeline before it plays the first.
func runFile(path string, names []string, flags launchFlags, stdout, stderr io.Writer) error {
	engine, logger, err := flags.engine(stderr)
	if err != nil {
		return err
	}
	file, err := readPipelines(path)
	if err != nil {
		return refuseFile(err, stderr)
	}
	if len(names) == 0 {
		names = file.Names()
	}
	var pipelines []*eiengine.Pipeline
	var problems []error
	for _, name := range names {
		p, err := file.Build(engine, name, os.LookupEnv)
		if err != nil {
			problems = append(problems, err)
			continue
		}
		for _, w := range p.Warnings {
			fmt.Fprintln(stderr, "WARNING: "+oneLine(w.Error()))
		}
		pipelines = append(pipelines, p)
	}
	if len(problems) > 0 {
		for _, p := range pipelines {
			problems = append(problems, p.Close())
		}
		return refuseFile(errors.Join(problems...), stderr)
	}
	if len(pipelines) > 1 && flags.dot == "-" {
		problems := []error{errors.New("--dot - writes one pipeline: name it, or give --dot a file")}
		for _, p := range pipelines {
			problems = append(problems, p.Close())
		}
		return errors.Join(problems...)
	}
	flags.noPosition = flags.noPosition || len(pipelines) > 1 && !flags.forcePosition
	if status := playAll(pipelines, flags, logger, stdout, stderr); status != 0 {
		return exitStatus(status)
	}
	return nil
}

func readPipelines(path string) (*eiengine.File, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return eiengine.ParseFile(path, text)
}

// refuseFile tells every mistake on a line that begins with its place.
func refuseFile(err error, stderr io.Writer) error {
	for _, line := range problemsOf(err) {
		fmt.Fprintln(stderr, oneLine(line.Error()))
	}
	return exitStatus(statusError)
}

// problemsOf takes joined errors apart.
func problemsOf(err error) []error {
	var joined interface{ Unwrap() []error }
	if !errors.As(err, &joined) {
		return []error{err}
	}
	var all []error
	for _, e := range joined.Unwrap() {
		all = append(all, problemsOf(e)...)
	}
	return all
}

// playAll plays pipelines at once and gives the highest exit status.
func playAll(pipelines []*eiengine.Pipeline, flags launchFlags, logger *slog.Logger, stdout, stderr io.Writer) int {
	var mu sync.Mutex
	var wg sync.WaitGroup
	statuses := make([]int, len(pipelines))
	for i, p := range pipelines {
		out, complaints, own := stdout, stderr, flags
		if len(pipelines) > 1 {
			own.dot = fileFor(flags.dot, p.Name())
			out = newLabelled(stdout, &mu, p.Name(), flags.json)
			complaints = newLabelled(stderr, &mu, p.Name(), false)
		}
		printer := newPrinter(p, own, out, complaints)
		printer.logger = logger
		player := newPlayer(p, printer, flags.eosOnStop)
		wg.Go(func() { statuses[i] = player.run() })
	}
	wg.Wait()
	worst := 0
	for _, s := range statuses {
		worst = max(worst, s)
	}
	return worst
}

// fileFor is the file for one of several pipelines: its name stands before the
// extension.
func fileFor(file, name string) string {
	if file == "" {
		return ""
	}
	extension := filepath.Ext(file)
	return strings.TrimSuffix(file, extension) + "-" + name + extension
}

// labelled puts the name of a pipeline before each line, or into each JSON
// object. Writers of one mutex share an output.
type labelled struct {
	mu   *sync.Mutex
	w    io.Writer
	head []byte
	json bool
	rest []byte // of a line that has not ended
}

func newLabelled(w io.Writer, mu *sync.Mutex, name string, asJSON bool) *labelled {
	if !asJSON {
		return &labelled{mu: mu, w: w, head: []byte(name + ": ")}
	}
	quoted, err := json.Marshal(name)
	if err != nil {
		quoted = fmt.Appendf(nil, "%q", name) // never: every string is JSON
	}
	return &labelled{mu: mu, w: w, json: true, head: append(append([]byte(`{"pipeline":`), quoted...), ',')}
}

// Write writes whole lines, each at once.
func (l *labelled) Write(p []byte) (int, error) {
	l.rest = append(l.rest, p...)
	for {
		line, rest, whole := bytes.Cut(l.rest, []byte("\n"))
		if !whole {
			return len(p), nil
		}
		if l.json {
			line = bytes.TrimPrefix(line, []byte("{"))
		}
		text := append(append(bytes.Clone(l.head), line...), '\n')
		l.rest = rest
		l.mu.Lock()
		_, err := l.w.Write(text)
		l.mu.Unlock()
		if err != nil {
			return 0, err
		}
	}
}
