package pixel_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/frames/pixel"
)

// exactScale is the analytic value of sample x, y (in samples of the channel) of
// a grid of w x h samples that get reads, scaled to dw x dh.
func exactScale(m pixel.Method, x, y, w, h, dw, dh int, get func(x, y int) float64) float64 {
	wx, wy := kernel(m, x, w, dw), kernel(m, y, h, dh)
	var sum float64
	for j, b := range wy {
		for i, a := range wx {
			sum += a * b * get(i, j)
		}
	}
	return sum
}

// kernel are the weights of the source positions for one new position.
func kernel(m pixel.Method, i, from, to int) map[int]float64 {
	scale := float64(from) / float64(to)
	centre := (float64(i) + 0.5) * scale
	out := map[int]float64{}
	switch m {
	case pixel.Nearest:
		// Exact in integers: halves must not depend on rounding.
		out[(2*i+1)*from/(2*to)] = 1
	case pixel.Bilinear:
		p := math.Floor(centre - 0.5)
		f := centre - 0.5 - p
		last := from - 1
		out[min(max(int(p), 0), last)] += 1 - f
		out[min(max(int(p)+1, 0), last)] += f
	case pixel.Area:
		a, b := float64(i)*scale, float64(i+1)*scale
		for p := int(a); p < from && float64(p) < b; p++ {
			if part := min(b, float64(p+1)) - max(a, float64(p)); part > 0 {
				out[p] = part / scale
			}
		}
	}
	return out
}

func checkScale(t *testing.T, f frames.PixelFormat, m pixel.Method, w, h, dw, dh, slack int, seed uint64) {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 2))
	src, dst := guarded(r, f, w, h, slack), guarded(r, f, dw, dh, slack/2)
	if err := pixel.Scale(&dst, &src, m); err != nil {
		t.Fatal(err)
	}
	checkGuards(t, &src)
	checkGuards(t, &dst)
	for c := range channels(f) {
		sx, sy := subsampling(f, c)
		cw, ch := (w+sx-1)/sx, (h+sy-1)/sy
		cdw, cdh := (dw+sx-1)/sx, (dh+sy-1)/sy
		for y := range cdh {
			for x := range cdw {
				want := exactScale(m, x, y, cw, ch, cdw, cdh, func(x, y int) float64 {
					return float64(*at(&src, x*sx, y*sy, c))
				})
				got := float64(*at(&dst, x*sx, y*sy, c))
				if math.Abs(got-want) > 1 {
					t.Fatalf("%v %v %dx%d to %dx%d: channel %d at %d,%d is %v, want %.2f",
						f, m, w, h, dw, dh, c, x, y, got, want)
				}
			}
		}
	}
}

func TestScaleEveryFormat(t *testing.T) {
	for _, f := range frames.PixelFormats() {
		for _, m := range []pixel.Method{pixel.Nearest, pixel.Bilinear, pixel.Area} {
			for i, s := range [][4]int{{1, 1, 3, 3}, {9, 7, 1, 1}, {16, 12, 8, 6}, {5, 3, 12, 9}, {13, 11, 7, 20}, {8, 8, 8, 8}} {
				checkScale(t, f, m, s[0], s[1], s[2], s[3], 2*i, 1)
			}
		}
	}
}

func FuzzScale(f *testing.F) {
	f.Add(uint8(0), uint8(1), uint8(30), uint8(20), uint8(7), uint8(9), uint8(1), uint64(5))
	f.Fuzz(func(t *testing.T, format, m, w, h, dw, dh, slack uint8, seed uint64) {
		all := frames.PixelFormats()
		checkScale(t, all[int(format)%len(all)], pixel.Method(m%3), int(w)%60+1, int(h)%40+1, int(dw)%60+1, int(dh)%40+1, int(slack)%20, seed)
	})
}

// One bright pixel in a large picture must not vanish with Area, and the mean of
// the picture must stay.
func TestAreaCountsEveryPixel(t *testing.T) {
	src, dst := frames.NewPicture(frames.GRAY8, 1000, 700), frames.NewPicture(frames.GRAY8, 3, 3)
	for y := range 700 {
		for x := range 1000 {
			*at(&src, x, y, 0) = byte((x + y) % 2 * 255)
		}
	}
	if err := pixel.Scale(&dst, &src, pixel.Area); err != nil {
		t.Fatal(err)
	}
	for i, v := range []byte{dst.Row(0, 0)[0], dst.Row(0, 1)[1], dst.Row(0, 2)[2]} {
		if v < 127 || v > 128 {
			t.Errorf("sample %d of a fine checkerboard is %d, want 127 or 128", i, v)
		}
	}
}

// Small shares of very many pixels still give the mean of each part, and the means
// of pictures as noisy as can be are as near as those of others.
func TestAreaOfManyPixels(t *testing.T) {
	for i, s := range [][4]int{{4001, 3, 7, 2}, {2, 3001, 3, 5}, {1920, 1080, 16, 9}, {640, 479, 1, 1}} {
		for _, f := range []frames.PixelFormat{frames.GRAY8, frames.RGB, frames.YUY2} {
			checkScale(t, f, pixel.Area, s[0], s[1], s[2], s[3], 5, uint64(i))
		}
	}
}

// Scaled noise, where every error shows, beside the same in float64.
func TestScaleBesideFloat64(t *testing.T) {
	for _, m := range []pixel.Method{pixel.Bilinear, pixel.Area} {
		for _, to := range [][2]int{{77, 61}, {211, 190}} {
			src := guarded(rand.New(rand.NewPCG(1, 1)), frames.GRAY8, 160, 121, 0)
			dst := frames.NewPicture(frames.GRAY8, to[0], to[1])
			if err := pixel.Scale(&dst, &src, m); err != nil {
				t.Fatal(err)
			}
			var sum float64
			for y := range to[1] {
				for x, got := range dst.Row(0, y) {
					d := float64(got) - exactScale(m, x, y, 160, 121, to[0], to[1], func(x, y int) float64 { return float64(src.Row(0, y)[x]) })
					sum += d * d
				}
			}
			// What is rounded to bytes, and no more, has 58.9 dB.
			if db := 10 * math.Log10(255*255*float64(to[0]*to[1])/sum); db < 57 {
				t.Errorf("%v to %v: %.1f dB", m, to, db)
			} else {
				t.Logf("%v to %v: %.1f dB", m, to, db)
			}
		}
	}
}

// A picture that is symmetric stays so: sample positions are pixel centres.
func TestBilinearIsCentred(t *testing.T) {
	src, dst := frames.NewPicture(frames.GRAY8, 4, 1), frames.NewPicture(frames.GRAY8, 10, 1)
	copy(src.Row(0, 0), []byte{10, 200, 200, 10})
	if err := pixel.Scale(&dst, &src, pixel.Bilinear); err != nil {
		t.Fatal(err)
	}
	row := dst.Row(0, 0)
	for i := range 5 {
		if !near(row[i], row[9-i]) {
			t.Errorf("not symmetric: %v", row)
			break
		}
	}
}

func TestScaleAllocatesNothing(t *testing.T) {
	for _, f := range frames.PixelFormats() {
		src := frames.NewPicture(f, 64, 48)
		for _, to := range [][2]int{{33, 21}, {32, 24}, {96, 60}, {128, 96}} { // each way of making rows
			dst := frames.NewPicture(f, to[0], to[1])
			for m := pixel.Nearest; m <= pixel.Mitchell; m++ {
				var s pixel.Scaler
				if n := testing.AllocsPerRun(3, func() {
					if err := s.Scale(&dst, &src, m); err != nil {
						t.Fatal(err)
					}
				}); n != 0 {
					t.Errorf("%v %v to %v: %v allocations a call, want 0", f, m, to, n)
				}
			}
		}
	}
}

func TestScaleRefuses(t *testing.T) {
	rgb, bgr := frames.NewPicture(frames.RGB, 8, 8), frames.NewPicture(frames.BGR, 4, 4)
	if err := pixel.Scale(&bgr, &rgb, pixel.Area); err == nil {
		t.Error("another format was accepted")
	}
	small := frames.NewPicture(frames.RGB, 4, 4)
	if err := pixel.Scale(&small, &rgb, 99); err == nil {
		t.Error("an unknown method was accepted")
	}
}
