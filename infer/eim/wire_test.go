package eim

import (
	"bytes"
	"errors"
	"io"
	"net"
	"path/filepath"
	"syscall"
	"testing"
)

func wires(t *testing.T) (*wire, *net.UnixConn) {
	t.Helper()
	at := &net.UnixAddr{Name: filepath.Join(t.TempDir(), "s"), Net: "unix"}
	ln, err := net.ListenUnix("unix", at)
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	c, err := net.DialUnix("unix", nil, at)
	if err != nil {
		t.Fatal(err)
	}
	peer, err := ln.AcceptUnix()
	if err != nil {
		t.Fatal(err)
	}
	w, err := newWire(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Close(); peer.Close() })
	return w, peer
}

// Far more than the kernel takes at once goes through in both directions.
func TestWireCarriesMoreThanFits(t *testing.T) {
	w, peer := wires(t)
	sent := bytes.Repeat([]byte("0123456789abcdef\n"), 1<<18)
	echoed := make(chan error, 1)
	go func() {
		all := make([]byte, len(sent))
		_, err := io.ReadFull(peer, all)
		if err == nil {
			_, err = peer.Write(all)
		}
		echoed <- err
	}()
	if n, err := w.Write(sent); n != len(sent) || err != nil {
		t.Fatalf("wrote %d of %d: %v", n, len(sent), err)
	}
	got := make([]byte, len(sent))
	if _, err := io.ReadFull(w, got); err != nil || !bytes.Equal(got, sent) {
		t.Errorf("what came back differs (%v)", err)
	}
	if err := <-echoed; err != nil {
		t.Error(err)
	}
}

func TestWireTellsOfThePeersEnd(t *testing.T) {
	w, peer := wires(t)
	if _, err := peer.Write([]byte("last")); err != nil {
		t.Fatal(err)
	}
	peer.Close()
	if all, err := io.ReadAll(w); string(all) != "last" || err != nil {
		t.Errorf("read %q, %v", all, err)
	}
	if _, err := w.Write([]byte("x")); !errors.Is(err, syscall.EPIPE) {
		t.Errorf("writing to nobody: %v", err)
	}
}

// Requests are cut short by a close in another goroutine.
func TestClosingWireEndsWhatWaits(t *testing.T) {
	for name, wait := range map[string]func(w *wire) error{
		"read":  func(w *wire) error { _, err := w.Read(make([]byte, 1)); return err },
		"write": func(w *wire) error { _, err := w.Write(make([]byte, 16<<20)); return err },
	} {
		w, _ := wires(t)
		ended := make(chan error, 1)
		go func() { ended <- wait(w) }()
		w.Close()
		if err := <-ended; !errors.Is(err, net.ErrClosed) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
