package pixel

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/infer/backend"
)

// tensorsOf are every layout and order, with means and scales of their own.
func tensorsOf(w, h int) []Tensor {
	var all []Tensor
	for _, order := range []frames.PixelFormat{frames.RGB, frames.BGR, frames.GRAY8} {
		for _, planar := range []bool{false, true} {
			all = append(all, Tensor{Width: w, Height: h, Order: order, Planar: planar},
				Tensor{Width: w, Height: h, Order: order, Planar: planar, Mean: [3]float32{123.675, 116.28, 103.53}, Scale: [3]float32{1 / 58.395, 1 / 57.12, 1 / 57.375}},
				Tensor{Width: w, Height: h, Order: order, Planar: planar, Mean: [3]float32{128, 100, 1}, Scale: [3]float32{1, -1, 3}})
		}
	}
	return all
}

// value is what the definition says of channel c of a pixel.
func (t *Tensor) value(row []byte, x, c int) float32 {
	v, scale := row[x*t.Channels()+c], t.Scale[c]
	if t.Scale == [3]float32{} {
		scale = 1
	}
	return (float32(v) - t.Mean[c]) * scale
}

// A picture of the tensor's size and order goes in as the definition says, as floats
// and as bytes, signed or not.
func TestTensorsAreTheirDefinition(t *testing.T) {
	const w, h = 29, 11
	d := newDice(1)
	for _, tensor := range tensorsOf(w, h) {
		f, err := NewTensorFeed(tensor)
		if err != nil {
			t.Fatal(err)
		}
		src := d.picture(tensor.Order, w, h)
		floats, bytes, signed := make([]float32, tensor.Len()), make([]uint8, tensor.Len()), make([]int8, tensor.Len())
		_, a := f.Fill(floats, &src, backend.ResizeSquash)
		_, b := f.FillUint8(bytes, &src, backend.ResizeSquash)
		m, c := f.FillInt8(signed, &src, backend.ResizeSquash)
		if a != nil || b != nil || c != nil || !m.IsIdentity() {
			t.Fatal(a, b, c, m)
		}
		for i := range floats {
			at, channel := i/tensor.Channels(), i%tensor.Channels()
			if tensor.Planar {
				at, channel = i%(w*h), i/(w*h)
			}
			want := tensor.value(src.Row(0, at/w), at%w, channel)
			round := math.RoundToEven(float64(want))
			if floats[i] != want || bytes[i] != uint8(min(max(round, 0), 255)) || signed[i] != int8(min(max(round, -128), 127)) {
				t.Fatalf("%+v: value %d is %v, %d, %d, want %v", tensor, i, floats[i], bytes[i], signed[i], want)
			}
		}
	}
}

// Whatever the frame and the mode, a tensor of plain bytes has the colours that packed
// pixels have.
func TestTensorFeedSeesWhatFeedSees(t *testing.T) {
	d := newDice(2)
	for _, format := range frames.PixelFormats() {
		if format == frames.GRAY8 {
			continue // which stays one channel in packed pixels
		}
		for _, mode := range []backend.ResizeMode{backend.ResizeSquash, backend.ResizeFitShortest, backend.ResizeFitLongest} {
			w, h := 1+d.IntN(90), 1+d.IntN(90)
			src := d.picture(format, 1+d.IntN(200), 1+d.IntN(60))
			packed, planar := make([]float32, w*h), make([]uint8, 3*w*h)
			a, err := NewFeed(w, h).Fill(packed, &src, mode)
			if err != nil {
				t.Fatal(err)
			}
			f, err := NewTensorFeed(Tensor{Width: w, Height: h, Order: frames.BGR, Planar: true})
			if err != nil {
				t.Fatal(err)
			}
			b, err := f.FillUint8(planar, &src, mode)
			if err != nil || a != b {
				t.Fatalf("%v %s: mappings %v and %v, %v", format, mode, a, b, err)
			}
			for i, v := range packed {
				if want := backend.PackPixel(planar[2*w*h+i], planar[w*h+i], planar[i]); v != want {
					t.Fatalf("%v %dx%d %s to %dx%d: pixel %d is %v, packed %v", format, src.Width, src.Height, mode, w, h, i, want, v)
				}
			}
		}
	}
}

func TestTensorFeedRefuses(t *testing.T) {
	nan := float32(math.NaN())
	for _, c := range []struct {
		tensor Tensor
		want   string
	}{
		{Tensor{Order: frames.RGB}, "0x0"},
		{Tensor{Width: 2, Height: 2, Order: frames.NV12}, "must be RGB, BGR or GRAY8"},
		{Tensor{Width: 2, Height: 2, Order: frames.RGB, Scale: [3]float32{1, nan, 1}}, "must be finite"},
		{Tensor{Width: 2, Height: 2, Order: frames.RGB, Scale: [3]float32{1, 1, 1e30}}, "must be finite"},
	} {
		if _, err := NewTensorFeed(c.tensor); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v, which lacks %q", c.tensor, err, c.want)
		}
	}
	f, err := NewTensorFeed(Tensor{Width: 4, Height: 4, Order: frames.GRAY8})
	if err != nil {
		t.Fatal(err)
	}
	src := frames.NewPicture(frames.RGB, 8, 8)
	if _, err := f.Fill(make([]float32, 15), &src, ""); err == nil || !strings.Contains(err.Error(), "needs 16") {
		t.Errorf("a tensor that is too short: %v", err)
	}
}

func TestTensorFeedDoesNotAllocate(t *testing.T) {
	src := frames.NewPicture(frames.NV12, 640, 480)
	for _, tensor := range tensorsOf(96, 96) {
		f, err := NewTensorFeed(tensor)
		if err != nil {
			t.Fatal(err)
		}
		floats, bytes, signed := make([]float32, tensor.Len()), make([]uint8, tensor.Len()), make([]int8, tensor.Len())
		if n := testing.AllocsPerRun(5, func() {
			_, a := f.Fill(floats, &src, backend.ResizeFitShortest)
			_, b := f.FillUint8(bytes, &src, backend.ResizeFitShortest)
			_, c := f.FillInt8(signed, &src, backend.ResizeFitShortest)
			if a != nil || b != nil || c != nil {
				t.Fatal(a, b, c)
			}
		}); n != 0 {
			t.Errorf("%+v: %v allocations a frame", tensor, n)
		}
	}
}

func checkTensorRows(t *testing.T, seed uint64) {
	d := newDice(seed)
	tensor := Tensor{Width: 1 + d.IntN(200), Height: 1, Order: frames.RGB, Planar: d.IntN(2) == 0}
	for c := range tensor.Mean {
		tensor.Mean[c], tensor.Scale[c] = float32(d.IntN(400)-100)/3, float32(d.IntN(200)-100)/37
	}
	var rows tensorRows
	rows.set(&tensor)
	n := 3 * tensor.Width
	src := d.bytes(n)
	for c := range rows.channels {
		got, want := make([]float32, n), make([]float32, n)
		floatRow(got, src, &rows.norm[c])
		floatReference(want, src, &rows.norm[c])
		if !slices.Equal(got, want) {
			t.Errorf("seed %d: floats %v, the reference says %v", seed, got, want)
		}
		for _, levels := range []*tensorLevels{&rows.signed[c], &rows.unsigned[c]} {
			got, want := make([]byte, n), make([]byte, n)
			byteRow(got, src, levels)
			byteReference(want, src, levels)
			if !slices.Equal(got, want) {
				t.Errorf("seed %d: bytes %v, the reference says %v", seed, got, want)
			}
		}
	}
	var got, want [3][]byte
	for c := range got {
		got[c], want[c] = make([]byte, tensor.Width), make([]byte, tensor.Width)
	}
	apartRow(got[0], got[1], got[2], src)
	apartReference(want[0], want[1], want[2], src)
	for c := range got {
		if !slices.Equal(got[c], want[c]) {
			t.Errorf("seed %d: channel %d is %v, the reference says %v", seed, c, got[c], want[c])
		}
	}
}

func TestTensorRowsAreTheReference(t *testing.T) {
	for seed := range uint64(300) {
		checkTensorRows(t, seed)
	}
}

func FuzzTensorRows(f *testing.F) {
	f.Add(uint64(1))
	f.Fuzz(checkTensorRows)
}

func BenchmarkTensor(b *testing.B) {
	src := newDice(1).picture(frames.NV12, 1280, 720)
	for _, planar := range []bool{false, true} {
		f, err := NewTensorFeed(Tensor{Width: 320, Height: 320, Order: frames.RGB, Planar: planar, Scale: [3]float32{1. / 255, 1. / 255, 1. / 255}})
		if err != nil {
			b.Fatal(err)
		}
		f.SetMethod(Bilinear)
		floats, bytes := make([]float32, 3*320*320), make([]int8, 3*320*320)
		name := map[bool]string{false: "interleaved", true: "planar"}[planar]
		b.Run(name+"-float32", func(b *testing.B) {
			for b.Loop() {
				if _, err := f.Fill(floats, &src, backend.ResizeSquash); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(name+"-int8", func(b *testing.B) {
			for b.Loop() {
				if _, err := f.FillInt8(bytes, &src, backend.ResizeSquash); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
