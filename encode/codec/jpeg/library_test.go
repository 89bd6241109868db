package jpeg_test

import (
	"bytes"
	"io"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/eiengine/eiengine/encode/codec/jpeg"
	"github.com/eiengine/eiengine/frames"
)

// Nothing outside of the pixels is written, at any size and stride.
func TestSizes(t *testing.T) { byBoth(t, testSizes) }

func testSizes(t *testing.T) {
	const guard = 0xA5
	sizes := [][2]int{{1, 1}, {1, 2}, {2, 1}, {3, 3}, {7, 9}, {8, 8}, {15, 17}, {16, 16}, {31, 33}, {34, 18}}
	if !testing.Short() {
		sizes = append(sizes, [][2]int{{65535, 1}, {1, 65535}}...)
	}
	for _, size := range sizes {
		for _, f := range []frames.PixelFormat{frames.I420, frames.YV12, frames.GRAY8, frames.RGB, frames.BGRx, frames.YUY2} {
			p := scene(t, f, size[0], size[1])
			data := encode(t, &p, 90)
			got := scene(t, f, size[0], size[1])
			for i := range f.Planes() {
				for at := range got.Data[i] {
					got.Data[i][at] = guard
				}
			}
			if err := jpeg.DecodeInto(&got, data); err != nil {
				t.Fatalf("%v %v: %v", f, size, err)
			}
			if db := psnr(t, &p, &got); db < 20 {
				t.Errorf("%v %v: %.1f dB", f, size, db)
			}
			for i := range f.Planes() {
				n, rows := f.PlaneSize(i, size[0], size[1])
				for y := range rows {
					between := got.Data[i][y*got.Stride[i]+n : (y+1)*got.Stride[i]]
					if bytes.Count(between, []byte{guard}) != len(between) {
						t.Fatalf("%v %v: row %d of plane %d was written past its end", f, size, y, i)
					}
				}
			}
		}
	}
}

// Planes may end right behind their last sample, and a single row may have any stride.
func TestTightPlanes(t *testing.T) {
	byBoth(t, func(t *testing.T) {
		for _, size := range [][2]int{{16, 16}, {30, 2}, {5, 3}, {6, 1}} {
			data := encode(t, new(scene(t, frames.I420, size[0], size[1])), 90)
			got := scene(t, frames.I420, size[0], size[1])
			for i := range got.Data {
				n, rows := frames.I420.PlaneSize(i, size[0], size[1])
				got.Data[i] = got.Data[i][: (rows-1)*got.Stride[i]+n : (rows-1)*got.Stride[i]+n]
				if rows == 1 {
					got.Stride[i] = 0
				}
			}
			if err := jpeg.DecodeInto(&got, data); err != nil {
				t.Errorf("%v: %v", size, err)
			}
			if err := jpeg.Encode(io.Discard, &got, 90); err != nil {
				t.Errorf("%v: %v", size, err)
			}
		}
	})
}

// A picture is decoded by its own tables, never by those of one before.
func TestTablesAreNotKept(t *testing.T) {
	byBoth(t, func(t *testing.T) {
		good := picture(t, "420")
		bare := without(good, 0xDB)
		var d jpeg.Decoder
		p := frames.NewPicture(frames.I420, 75, 50)
		if err := d.Decode(&p, good); err != nil {
			t.Fatal(err)
		}
		if err := d.Decode(&p, bare); err == nil || !strings.Contains(err.Error(), "quantization table 0 is missing") {
			t.Errorf("error %v", err)
		}
		progressive := picture(t, "progressive")
		if err := d.Decode(&p, progressive); err != nil {
			t.Fatal(err)
		}
		// The tables that later scans define, all for AC, become comments.
		const ac = 0x10
		for at := range len(progressive) - 5 {
			if progressive[at] == 0xFF && progressive[at+1] == 0xC4 && progressive[at+4]&ac != 0 {
				progressive[at+1] = 0xFE
			}
		}
		if err := d.Decode(&p, progressive); err == nil {
			t.Error("a table of the picture before served this one")
		}
	})
}

// without leaves out the segments of one kind.
func without(data []byte, marker byte) []byte {
	bare := []byte{0xFF, 0xD8}
	for n := 2; ; {
		size := 2 + int(data[n+2])<<8 + int(data[n+3])
		if data[n+1] == 0xDA {
			return append(bare, data[n:]...)
		}
		if data[n+1] != marker {
			bare = append(bare, data[n:n+size]...)
		}
		n += size
	}
}

// Damage within the picture is told; padding of cameras at its end is not damage.
func TestDamage(t *testing.T) {
	byBoth(t, func(t *testing.T) {
		good := picture(t, "420")
		body, end := good[:len(good)-2], good[len(good)-2:]
		p := frames.NewPicture(frames.I420, 75, 50)
		padded := append(append(bytes.Clone(body), make([]byte, 9)...), end...)
		if err := jpeg.DecodeInto(&p, padded); err != nil {
			t.Errorf("padded: %v", err)
		}
		short := append(bytes.Clone(body[:len(body)-300]), end...)
		if err := jpeg.DecodeInto(&p, short); err == nil || !strings.HasPrefix(err.Error(), "jpeg: ") {
			t.Errorf("the error of a picture without its last bytes is %v", err)
		}
		if err := jpeg.DecodeInto(&p, good); err != nil {
			t.Errorf("a good one after it: %v", err)
		}
	})
}

func TestManyAtOnce(t *testing.T) {
	byBoth(t, func(t *testing.T) {
		want := decode(t, picture(t, "422"), frames.I420)
		var wait sync.WaitGroup
		for range 8 {
			wait.Go(func() {
				var d jpeg.Decoder
				var e jpeg.Encoder
				for range 10 {
					got := frames.NewPicture(frames.I420, 75, 50)
					got.Color = want.Color
					err := d.Decode(&got, picture(t, "422"))
					if err != nil || !bytes.Equal(got.Row(0, 20), want.Row(0, 20)) {
						t.Errorf("error %v, or another picture", err)
					}
					if err := e.Encode(io.Discard, &got, 80); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wait.Wait()
	})
}

// What a call complains of is read on the thread that made it, wherever goroutines go.
func TestComplaintsOfManyThreads(t *testing.T) {
	byBoth(t, func(t *testing.T) {
		p := scene(t, frames.RGB, 320, 240)
		whole := encode(t, &p, 85)
		padded := slices.Concat(whole[:len(whole)-2], make([]byte, 9), whole[len(whole)-2:])
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				dst := scene(t, frames.RGB, 320, 240)
				for range 100 {
					if err := jpeg.DecodeInto(&dst, padded); err != nil {
						t.Error(err)
						return
					}
					runtime.Gosched()
				}
			})
		}
		all.Wait()
	})
}
