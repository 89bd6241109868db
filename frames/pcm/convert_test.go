package pcm_test

import (
	"math"
	"testing"

	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/frames/pcm"
)

func TestEveryCodeSurvivesWiderFormats(t *testing.T) {
	codes := make([]byte, 1<<17)
	for i := range 1 << 16 {
		codes[2*i], codes[2*i+1] = byte(i), byte(i>>8)
	}
	for _, f := range []frames.SampleFormat{frames.S24LE, frames.S32LE, frames.F32LE, frames.F64LE} {
		wide, back := make([]byte, 1<<16*f.Bytes()), make([]byte, len(codes))
		if n, err := pcm.Convert(wide, f, codes, frames.S16LE); err != nil || n != 1<<16 {
			t.Fatal(n, err)
		}
		if _, err := pcm.Convert(back, frames.S16LE, wide, f); err != nil {
			t.Fatal(err)
		}
		if string(back) != string(codes) {
			t.Errorf("16-bit codes changed on their way through %v", f)
		}
	}
}

func TestKnownSamples(t *testing.T) {
	for _, c := range []struct {
		in    float64
		u8    byte
		s16   int16
		s32   int32
		exact float64 // what comes back from S16
	}{
		{0, 128, 0, 0, 0},
		{1, 255, 32767, math.MaxInt32, 32767.0 / 32768},
		{-1, 0, -32768, math.MinInt32, -1},
		{0.5, 192, 16384, 1 << 30, 0.5},
		{7, 255, 32767, math.MaxInt32, 32767.0 / 32768},
		{-7, 0, -32768, math.MinInt32, -1},
		{math.NaN(), 128, 0, 0, 0},
		{math.Inf(-1), 0, -32768, math.MinInt32, -1},
		{1.4 / 32768, 128, 1, 91750, 1.0 / 32768},
	} {
		b := make([]byte, 8)
		in := []float64{c.in}
		encode := func(f frames.SampleFormat) []byte {
			if n, err := pcm.Encode(b, in, f); err != nil || n != 1 {
				t.Fatal(n, err)
			}
			return b[:f.Bytes()]
		}
		if got := encode(frames.U8)[0]; got != c.u8 {
			t.Errorf("%v as U8 is %d, want %d", c.in, got, c.u8)
		}
		s := encode(frames.S32LE)
		if got := int32(uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16 | uint32(s[3])<<24); got != c.s32 {
			t.Errorf("%v as S32 is %d, want %d", c.in, got, c.s32)
		}
		s = encode(frames.S16LE)
		if got := int16(uint16(s[0]) | uint16(s[1])<<8); got != c.s16 {
			t.Errorf("%v as S16 is %d, want %d", c.in, got, c.s16)
		}
		out := []float64{9}
		if _, err := pcm.Decode(out, s, frames.S16LE); err != nil {
			t.Fatal(err)
		}
		if out[0] != c.exact {
			t.Errorf("%v came back as %v, want %v", c.in, out[0], c.exact)
		}
	}
}

func TestEveryPairKeepsATone(t *testing.T) {
	want := tone(440, 48000, 1, 1000)
	for _, from := range frames.SampleFormats() {
		for _, to := range frames.SampleFormats() {
			a, b := make([]byte, 1000*from.Bytes()), make([]byte, 1000*to.Bytes())
			if _, err := pcm.Encode(a, want, from); err != nil {
				t.Fatal(err)
			}
			if n, err := pcm.Convert(b, to, a, from); err != nil || n != 1000 {
				t.Fatal(n, err)
			}
			got := make([]float32, 1000)
			if _, err := pcm.Decode(got, b, to); err != nil {
				t.Fatal(err)
			}
			tolerance := 1.0 / 32768
			if from == frames.U8 || to == frames.U8 {
				tolerance = 1.01 / 128
			}
			for i := range got {
				if math.Abs(float64(got[i]-want[i])) > tolerance {
					t.Fatalf("%v to %v: sample %d is %v, want %v", from, to, i, got[i], want[i])
				}
			}
		}
	}
}

func TestConvertStopsAtTheShorter(t *testing.T) {
	n, err := pcm.Convert(make([]byte, 7), frames.S16LE, make([]byte, 11), frames.S24LE)
	if n != 3 || err != nil {
		t.Errorf("got %d, %v, want 3 samples", n, err)
	}
	if _, err := pcm.Convert(nil, 99, nil, frames.U8); err == nil {
		t.Error("an unknown format was accepted")
	}
}

func TestRemix(t *testing.T) {
	for _, c := range []struct {
		in       []float32
		from, to int
		want     []float32
	}{
		{[]float32{.1, .2}, 1, 2, []float32{.1, .1, .2, .2}},
		{[]float32{.5, -.25, 1, 1}, 2, 1, []float32{.125, 1}},
		{[]float32{1, 2, 3, 4}, 4, 2, []float32{2, 3}},
		{[]float32{1, 2, 3}, 3, 2, []float32{2, 2}},
		{[]float32{1, 2}, 2, 4, []float32{1, 2, 0, 0}},
		{[]float32{1, 2, 3}, 2, 2, []float32{1, 2}},
	} {
		got := make([]float32, len(c.want))
		n, err := pcm.Remix(got, c.to, c.in, c.from)
		if err != nil || n != len(c.want)/c.to {
			t.Fatal(n, err)
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("%v from %d to %d channels is %v, want %v", c.in, c.from, c.to, got, c.want)
				break
			}
		}
	}
	if _, err := pcm.Remix([]float32{0}, 0, []float32{0}, 1); err == nil {
		t.Error("no channels were accepted")
	}
}

func TestLevel(t *testing.T) {
	s := tone(1000, 48000, 1, 48000)
	if got := pcm.Decibels(pcm.RMS(s)); math.Abs(got+3.01) > 0.01 {
		t.Errorf("a full sine has %.2f dB, want -3.01", got)
	}
	if got := pcm.Peak([]float32{.25, -.75, .5}); got != .75 {
		t.Errorf("peak is %v, want 0.75", got)
	}
	if pcm.RMS([]float32{}) != 0 || pcm.Peak([]float32{}) != 0 {
		t.Error("no samples have a level")
	}
}

func TestSamplesAllocateNothing(t *testing.T) {
	in, out, levels := make([]byte, 8000), make([]byte, 8000), make([]pcm.Level, 2)
	floats, mixed := make([]float32, 1000), make([]float32, 500)
	var dither pcm.Dither[float32]
	for name, work := range map[string]func() error{
		"convert": func() error {
			for _, f := range frames.SampleFormats() {
				if _, err := pcm.Convert(out, frames.S16LE, in, f); err != nil {
					return err
				}
			}
			return nil
		},
		"decode":  func() error { _, err := pcm.Decode(floats, in, frames.S16LE); return err },
		"encode":  func() error { _, err := pcm.Encode(out, floats, frames.S16LE); return err },
		"remix":   func() error { _, err := pcm.Remix(mixed, 1, floats, 2); return err },
		"dither":  func() error { dither.Add(floats, 2, frames.S16LE, pcm.Triangular); return nil },
		"level":   func() error { pcm.AddLevels(levels, floats); return nil },
		"measure": func() error { pcm.RMS(floats); pcm.Peak(floats); return nil },
	} {
		if n := testing.AllocsPerRun(100, func() {
			if err := work(); err != nil {
				t.Fatal(err)
			}
		}); n != 0 {
			t.Errorf("%s: %v allocations a call, want 0", name, n)
		}
	}
}

func FuzzConvert(f *testing.F) {
	f.Add([]byte{1, 2, 3, 4, 5, 6, 7, 8, 9}, uint8(0), uint8(4))
	f.Fuzz(func(t *testing.T, data []byte, a, b uint8) {
		all := frames.SampleFormats()
		from, to := all[int(a)%len(all)], all[int(b)%len(all)]
		dst := make([]byte, len(data)*8)
		n, err := pcm.Convert(dst, to, data, from)
		if err != nil || n != len(data)/from.Bytes() {
			t.Fatal(n, err)
		}
	})
}
