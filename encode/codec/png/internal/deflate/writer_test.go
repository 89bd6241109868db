package deflate_test

import (
	"bytes"
	"compress/zlib"
	"io"
	"math/rand/v2"
	"testing"

	"github.com/eiengine/eiengine/encode/codec/png/internal/deflate"
)

// inputs are data of many kinds.
func inputs() map[string][]byte {
	r := rand.New(rand.NewPCG(1, 2))
	noise, gray, text, skewed := make([]byte, 320_000), make([]byte, 320_001), []byte{}, make([]byte, 200_000)
	for i := range noise {
		noise[i] = byte(r.Uint32())
	}
	for i := 0; i < len(gray); i += 3 {
		v := byte(r.Uint32())
		gray[i], gray[i+1], gray[i+2] = v, v, v
	}
	for len(text) < 100_000 {
		text = append(text, []string{"rows ", "of ", "pixels ", "and ", "more "}[r.IntN(5)]...)
	}
	for i := range skewed { // whose codes would be longer than is allowed
		skewed[i] = byte(bitsOf(r.Uint64()))
	}
	return map[string][]byte{
		"empty": {}, "one": {7}, "three": {1, 2, 3}, "zeros": make([]byte, 700_000), "noise": noise,
		"gray noise": gray, "text": text, "skewed": skewed, "short text": text[:40],
	}
}

// bitsOf is n with a chance of 2^-n.
func bitsOf(v uint64) (n int) {
	for ; v&1 == 1; v >>= 1 {
		n++
	}
	return n
}

// compress writes data in pieces of n bytes.
func compress(w *deflate.Writer, data []byte, level, n int) []byte {
	w.Reset(nil, level)
	for len(data) > 0 {
		k := copy(w.Next(min(n, len(data))), data)
		data = data[k:]
	}
	return w.Close()
}

func TestReadBackByTheStandardLibrary(t *testing.T) {
	var w deflate.Writer
	for name, data := range inputs() {
		for _, level := range []int{0, 1, 3, 6, 7, 9} {
			for _, n := range []int{1000, 400_000} {
				packed := compress(&w, data, level, n)
				r, err := zlib.NewReader(bytes.NewReader(packed))
				if err != nil {
					t.Fatalf("%s, level %d: %v", name, level, err)
				}
				back, err := io.ReadAll(r)
				if err != nil || !bytes.Equal(back, data) {
					t.Fatalf("%s, level %d, pieces of %d: %v, %d bytes of %d came back", name, level, n, err, len(back), len(data))
				}
				if most := len(data) + len(data)/1000 + 64; len(packed) > most {
					t.Errorf("%s, level %d: %d bytes became %d", name, level, len(data), len(packed))
				}
			}
		}
	}
}

// FuzzWriter compresses anything and reads it back.
func FuzzWriter(f *testing.F) {
	for _, data := range inputs() {
		f.Add(data[:min(len(data), 3000)], uint8(6), uint16(500))
		f.Add(data[:min(len(data), 3000)], uint8(9), uint16(3000))
	}
	f.Fuzz(func(t *testing.T, data []byte, level uint8, n uint16) {
		// More than the window, so that matches from all over it occur.
		for len(data) > 0 && len(data) < 40_000 {
			data = append(data, data...)
		}
		packed := compress(new(deflate.Writer), data, int(level%10), int(n)+1)
		r, err := zlib.NewReader(bytes.NewReader(packed))
		if err != nil {
			t.Fatal(err)
		}
		if back, err := io.ReadAll(r); err != nil || !bytes.Equal(back, data) {
			t.Fatalf("%v, %d bytes of %d came back", err, len(back), len(data))
		}
	})
}
