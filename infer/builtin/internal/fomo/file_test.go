package fomo

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"math"
	"reflect"
	"testing"
)

func TestFileKeepsTheNetwork(t *testing.T) {
	n := small(5)
	data, err := n.AppendTo([]byte("before"))
	if err != nil {
		t.Fatal(err)
	}
	got, err := Parse(data[6:])
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(n, got) {
		t.Fatal("the network read differs from the one written")
	}
}

func TestParseRefusesDamage(t *testing.T) {
	good, err := small(5).AppendTo(nil)
	if err != nil {
		t.Fatal(err)
	}
	resum := func(b []byte) []byte {
		body := b[:len(b)-4]
		return binary.LittleEndian.AppendUint32(bytes.Clone(body), crc32.ChecksumIEEE(body))
	}
	nan := bytes.Clone(good)
	binary.LittleEndian.PutUint32(nan[len(nan)-8:], math.Float32bits(float32(math.NaN())))
	wide := bytes.Clone(good)
	wide[headBytes+6] = 200
	flags := bytes.Clone(good)
	flags[headBytes+3] = 0x80
	layers := bytes.Clone(good)
	layers[len(magic)+7] = 0xFF
	for name, data := range map[string][]byte{
		"empty":                nil,
		"one byte short":       good[:len(good)-1],
		"cut, sum mended":      resum(good[:len(good)-40]),
		"longer, sum mended":   resum(append(bytes.Clone(good), 0, 0, 0, 0)),
		"one bit":              append(append(bytes.Clone(good[:99]), good[99]^1), good[100:]...),
		"another magic":        resum(append([]byte("EIFOMO2\n"), good[8:]...)),
		"not a number":         resum(nan),
		"other channels":       resum(wide),
		"unknown flags":        resum(flags),
		"more layers than fit": resum(layers),
	} {
		if _, err := Parse(data); !errors.Is(err, ErrFormat) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for cut := range len(good) {
		if _, err := Parse(good[:cut]); err == nil {
			t.Fatalf("the first %d of %d bytes pass", cut, len(good))
		}
	}
}

func FuzzParse(f *testing.F) {
	good, err := small(5).AppendTo(nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good[:len(good)-4])
	f.Add(good[:headBytes+8])
	f.Add([]byte(magic))
	f.Fuzz(func(t *testing.T, data []byte) {
		// With the right sum, so that the fuzzer gets past it.
		data = binary.LittleEndian.AppendUint32(bytes.Clone(data), crc32.ChecksumIEEE(data))
		n, err := Parse(data)
		if err != nil {
			return
		}
		again, err := n.AppendTo(nil)
		if err != nil {
			t.Fatalf("parsed, but cannot be written: %v", err)
		}
		if !bytes.Equal(again, data) {
			t.Fatal("written again it differs")
		}
	})
}
