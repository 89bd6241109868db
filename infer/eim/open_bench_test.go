package eim

import (
	"bufio"
	"context"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// BenchmarkOpen is the whole life of a model without requests, and beside it that
// of a process which nobody looks after: the difference is what a keeper costs.
// The echo model is this test program, which starts slowly; EIMS names real ones.
func BenchmarkOpen(b *testing.B) {
	programs := map[string]Options{testProgram(b): {Args: []string{roleEcho}}}
	if dir := os.Getenv("EIMS"); dir != "" {
		files, err := filepath.Glob(filepath.Join(dir, "kws*.eim"))
		if err != nil {
			b.Fatal(err)
		}
		for _, f := range files {
			programs[f] = Options{}
		}
	}
	for program, o := range programs {
		b.Run(filepath.Base(program), func(b *testing.B) {
			b.Run("alone", func(b *testing.B) { startAndEnd(b, program, o.Args) })
			for _, o.Confine = range []Confine{ConfineAuto, ConfineOff} {
				b.Run("confine="+string(o.Confine), func(b *testing.B) { openAndClose(b, program, o) })
			}
		})
	}
}

func openAndClose(b *testing.B, program string, o Options) {
	for b.Loop() {
		m, err := Open(context.Background(), program, o)
		if err != nil {
			b.Fatal(err)
		}
		if err := m.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// startAndEnd does without any driver what opening and closing needs at least.
func startAndEnd(b *testing.B, program string, args []string) {
	b.Chdir(b.TempDir()) // the paths of sockets are short
	for b.Loop() {
		cmd := exec.Command(program, append(args[:len(args):len(args)], socketName)...)
		if err := cmd.Start(); err != nil {
			b.Fatal(err)
		}
		conn, err := net.Dial("unix", socketName)
		for ; err != nil; conn, err = net.Dial("unix", socketName) {
			time.Sleep(100 * time.Microsecond) // nothing tells when it listens
		}
		if _, err := io.WriteString(conn, `{"id":1,"hello":1}`+"\n"); err != nil {
			b.Fatal(err)
		}
		if _, err := bufio.NewReader(conn).ReadBytes(0); err != nil {
			b.Fatal(err)
		}
		conn.Close()
		if err := cmd.Wait(); err != nil {
			b.Fatal(err)
		}
		os.Remove(socketName)
	}
}
