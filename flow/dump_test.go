package flow

import (
	"errors"
	"strings"
	"testing"
)

func TestDump(t *testing.T) {
	var out strings.Builder
	if err := dump(&out, []byte("0123456789abcdef\x00hi")); err != nil {
		t.Fatal(err)
	}
	want := "00000000: 30 31 32 33 34 35 36 37 38 39 61 62 63 64 65 66  0123456789abcdef\n" +
		"00000010: 00 68 69                                         .hi             \n"
	if out.String() != want {
		t.Errorf("got\n%swant\n%s", out.String(), want)
	}
	if err := dump(closed{}, []byte("x")); err == nil || !strings.Contains(err.Error(), "dump=false") {
		t.Errorf("err = %v, want one with a remedy", err)
	}
}

type closed struct{}

func (closed) Write([]byte) (int, error) { return 0, errors.New("closed") }
