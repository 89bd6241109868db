package eimserve

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/eiengine/eiengine/infer/backend"
)

// Options says what a server offers. The zero value offers all it can.
type Options struct {
	// NoSharedMemory: clients must send JSON, as with old models.
	NoSharedMemory bool
	// FreeformElements are the lengths of a freeform model's outputs; with
	// them, the outputs travel by shared memory too.
	FreeformElements []int
}

// ExitError carries the exit status that the process should end with.
type ExitError struct {
	Code int
	Err  error
}

func (e *ExitError) Error() string { return e.Err.Error() }

// Unwrap gives the cause.
func (e *ExitError) Unwrap() error { return e.Err }

// Serve answers one client and returns nil when it hangs up. args are those of
// a .eim without the program's name: a socket path, "stdin" or "--print-info".
// What is meant for people goes to stdout, in stdin mode between the replies.
//
// When ctx ends, shared memory is removed at once, the connection closed, and
// the context's cause returned as soon as a request under way ends. The model
// stays open and belongs to the caller.
func Serve(ctx context.Context, model backend.Model, args []string, stdout io.Writer) error {
	return Options{}.Serve(ctx, model, args, stdout)
}

// Serve is the function of that name with these options.
func (o Options) Serve(ctx context.Context, model backend.Model, args []string, stdout io.Writer) error {
	s := &server{model: model, log: stdout, opts: o}
	return s.serve(ctx, args, stdout)
}

func (s *server) serve(ctx context.Context, args []string, stdout io.Writer) error {
	if len(args) < 1 {
		usage(stdout)
		return &ExitError{Code: 1, Err: errors.New("no argument given; expected a socket path, stdin or --print-info")}
	}
	if args[0] == "--help" || args[0] == "-h" {
		usage(stdout)
		return nil
	}
	fmt.Fprintf(stdout, "eiengine model server: %s\n", s.model.Info().Project.Name)
	switch args[0] {
	case "--print-info":
		return s.printInfo(stdout)
	case "stdin":
		return s.connection(ctx, io.NopCloser(os.Stdin), os.Stdin, stdout, "")
	}
	return s.socket(ctx, args[0])
}

func usage(w io.Writer) {
	fmt.Fprintf(w, `Serves a model by the .eim protocol.

Usage: %s ARGUMENT

ARGUMENT is one of:
  PATH          make a Unix socket there and serve its first client
  stdin         serve requests from standard input on standard output
  --print-info  print the description of the model
`, filepath.Base(os.Args[0]))
}

func (s *server) printInfo(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "    ")
	o := s.hello(nil, nil, nil)
	o["success"] = true
	return enc.Encode(o)
}

// socket serves the first client. The listener stays open until the end: later
// clients wait in its backlog and are never answered, as with the original.
func (s *server) socket(ctx context.Context, path string) error {
	ln, err := listen(path)
	if err != nil {
		return s.cannotBind(err)
	}
	defer ln.Close()
	fmt.Fprintf(s.log, "Waiting for connection on %s...\n", path)
	stop := context.AfterFunc(ctx, func() { ln.Close() })
	defer stop()
	conn, err := ln.Accept()
	if err != nil {
		return errors.Join(context.Cause(ctx), err)
	}
	fmt.Fprintln(s.log, "Connected")
	return s.connection(ctx, conn, conn, conn, "\x00")
}

// listen makes a socket that appears at path only once it listens: a client
// that tries from the start (the SDK for Go gives up at the first refusal) finds
// no socket or one that answers. Where the detour's name is
// taken or too long, path is bound directly.
func listen(path string) (*net.UnixListener, error) {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	detour := path + "~"
	ln, err := bind(detour)
	if err != nil {
		return bind(path)
	}
	if err := os.Rename(detour, path); err != nil {
		return nil, errors.Join(err, os.Remove(detour), ln.Close())
	}
	return ln, nil
}

func bind(path string) (*net.UnixListener, error) {
	ln, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err == nil {
		ln.SetUnlinkOnClose(false)
	}
	return ln, err
}

func (s *server) cannotBind(err error) error {
	fmt.Fprintln(s.log, "ERR: Failed to bind UNIX socket")
	return &ExitError{Code: 1, Err: fmt.Errorf("cannot make the socket: %w", err)}
}

// connection runs the dialogue and cleans up, at once when ctx ends.
func (s *server) connection(ctx context.Context, c io.Closer, r io.Reader, w io.Writer, end string) error {
	cut := context.AfterFunc(ctx, func() {
		s.abandon()
		c.Close()
	})
	err := s.run(ctx, r, w, end)
	cut()
	errs := []error{err, c.Close()}
	if ctx.Err() != nil || errors.Is(err, net.ErrClosed) {
		errs = []error{err}
	}
	for _, b := range s.blocks() {
		errs = append(errs, b.free())
	}
	return errors.Join(errs...)
}

// Main is a whole program: it serves, removes what it made when it is told to
// stop, and gives the exit status: 0 when the client hung up, 143, 130 or 129
// after SIGTERM, SIGINT or SIGHUP, else 1 with the reason on standard error.
//
// After a signal it does not wait for the model: the caller should exit.
func Main(model backend.Model, args []string) int {
	return Options{}.Main(model, args)
}

// Main is the function of that name with these options.
func (o Options) Main(model backend.Model, args []string) int {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP)
	defer signal.Stop(signals)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	done := make(chan error, 1)
	s := &server{model: model, log: os.Stdout, opts: o}
	go func() { done <- s.serve(ctx, args, os.Stdout) }()
	select {
	case err := <-done:
		return exitCode(err)
	case sig := <-signals:
		s.abandon()
		return 128 + int(sig.(syscall.Signal))
	}
}

func exitCode(err error) int {
	if err == nil {
		return 0
	}
	fmt.Fprintf(os.Stderr, "ERR: %v\n", err)
	var e *ExitError
	if errors.As(err, &e) {
		return e.Code
	}
	return 1
}
