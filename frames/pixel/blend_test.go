package pixel

import (
	"testing"

	"github.com/eiengine/eiengine/frames"
)

func FuzzBlendRow(f *testing.F) {
	fuzzRows(f, func(t *testing.T, d dice, n int) {
		weight := d.IntN(opaque + 1)
		sameRows(t, d, []int{n, n},
			func(r [][]byte) { blendRow(r[0], r[1], weight) },
			func(r [][]byte) { blendReference(r[0], r[1], weight) })
	})
}

func FuzzCoverRow(f *testing.F) {
	fuzzRows(f, func(t *testing.T, d dice, n int) {
		sameRows(t, d, []int{n, n, n},
			func(r [][]byte) { coverRow(r[0], r[1], r[2]) },
			func(r [][]byte) { coverReference(r[0], r[1], r[2]) })
	})
}

func FuzzOverOpaqueRow(f *testing.F) {
	fuzzRows(f, func(t *testing.T, d dice, w int) {
		a, alpha := d.IntN(4), uint32(d.IntN(256))
		sameRows(t, d, []int{4 * w, 4 * w},
			func(r [][]byte) { overOpaqueRow(r[0], r[1], a, alpha) },
			func(r [][]byte) { overOpaqueReference(r[0], r[1], a, alpha) })
	})
}

// flat is a picture of one colour.
func flat(f frames.PixelFormat, w, h int, c Color) frames.Picture {
	p := frames.NewPicture(f, w, h)
	Fill(&p, frames.Rect{W: w, H: h}, c)
	return p
}

// gray is how bright the pixels of a picture are.
func gray(t *testing.T, p *frames.Picture) frames.Picture {
	t.Helper()
	g := frames.NewPicture(frames.GRAY8, p.Width, p.Height)
	if err := Convert(&g, p); err != nil {
		t.Fatal(err)
	}
	return g
}

// TestBlendPlaces: pictures of every format lie where they should, wherever that is.
func TestBlendPlaces(t *testing.T) {
	white := Color{255, 255, 255, 255}
	for _, f := range frames.PixelFormats() {
		for _, alpha := range []float64{1, 0.5, 0} {
			for _, at := range [][2]int{{0, 0}, {4, 2}, {3, 5}, {-3, -4}, {12, 9}, {-9, 0}, {40, 0}, {1 << 40, 0}, {0, -1 << 40}} {
				for _, w := range []int{8, 7} {
					dst, src := flat(f, 16, 12, Black), flat(f, w, 6, white)
					if err := Blend(&dst, &src, at[0], at[1], Over, alpha); err != nil {
						t.Fatal(err)
					}
					in, _, ok := Place(&dst, at[0], at[1], w, 6)
					g := gray(t, &dst)
					for y := range dst.Height {
						for x := range dst.Width {
							want := 0
							if ok && x >= in.X && x < in.X+in.W && y >= in.Y && y < in.Y+in.H {
								want = int(alpha * 255)
							}
							if got := int(g.Row(0, y)[x]); got < want-3 || got > want+3 {
								t.Fatalf("%v %d pixels wide at %v, alpha %v: pixel %d,%d is %d, want %d", f, w, at, alpha, x, y, got, want)
							}
						}
					}
				}
			}
		}
	}
}

// TestBlendAlpha: the operators on pixels that are themselves transparent.
func TestBlendAlpha(t *testing.T) {
	for _, tt := range []struct {
		op       Operator
		alpha    float64
		dst, src [4]byte // red, green, blue, alpha
		want     [4]byte
	}{
		{Over, 1, [4]byte{0, 0, 0, 255}, [4]byte{200, 100, 50, 255}, [4]byte{200, 100, 50, 255}},
		{Over, 1, [4]byte{0, 0, 0, 255}, [4]byte{200, 100, 50, 128}, [4]byte{100, 50, 25, 255}},
		{Over, 0.5, [4]byte{0, 0, 0, 255}, [4]byte{200, 100, 50, 255}, [4]byte{100, 50, 25, 255}},
		{Over, 1, [4]byte{9, 9, 9, 0}, [4]byte{200, 100, 50, 128}, [4]byte{200, 100, 50, 128}},
		{Over, 1, [4]byte{100, 0, 0, 128}, [4]byte{200, 0, 0, 128}, [4]byte{167, 0, 0, 192}},
		{Add, 1, [4]byte{100, 0, 0, 128}, [4]byte{200, 0, 0, 128}, [4]byte{167, 0, 0, 255}},
		{Add, 1, [4]byte{100, 0, 0, 60}, [4]byte{200, 0, 0, 60}, [4]byte{157, 0, 0, 120}},
		{Source, 1, [4]byte{1, 2, 3, 255}, [4]byte{200, 100, 50, 128}, [4]byte{200, 100, 50, 128}},
		{Source, 0.5, [4]byte{1, 2, 3, 255}, [4]byte{200, 100, 50, 128}, [4]byte{200, 100, 50, 64}},
		{Over, 0, [4]byte{1, 2, 3, 4}, [4]byte{200, 100, 50, 128}, [4]byte{1, 2, 3, 4}},
	} {
		for _, f := range []frames.PixelFormat{frames.RGBA, frames.BGRA, frames.ARGB, frames.ABGR} {
			o := rgbOrders[f]
			lay := func(px [4]byte) frames.Picture {
				p := frames.NewPicture(f, 300, 1)
				for x := 0; x < 1200; x += 4 {
					p.Data[0][x+o.r], p.Data[0][x+o.g], p.Data[0][x+o.b], p.Data[0][x+o.a] = px[0], px[1], px[2], px[3]
				}
				return p
			}
			dst, src := lay(tt.dst), lay(tt.src)
			if err := Blend(&dst, &src, 0, 0, tt.op, tt.alpha); err != nil {
				t.Fatal(err)
			}
			px := dst.Data[0][4*299:]
			got := [4]byte{px[o.r], px[o.g], px[o.b], px[o.a]}
			for i := range got {
				if d := int(got[i]) - int(tt.want[i]); d < -1 || d > 1 {
					t.Errorf("%v, operator %d, alpha %v: %v on %v gives %v, want %v", f, tt.op, tt.alpha, tt.src, tt.dst, got, tt.want)
					break
				}
			}
		}
	}
}

func TestBlendRefuses(t *testing.T) {
	rgb, gray := frames.NewPicture(frames.RGB, 4, 4), frames.NewPicture(frames.GRAY8, 4, 4)
	short := rgb
	short.Data[0] = short.Data[0][:10]
	for _, pair := range [][2]*frames.Picture{{&rgb, &gray}, {&rgb, &short}, {&short, &rgb}} {
		if Blend(pair[0], pair[1], 0, 0, Over, 1) == nil {
			t.Errorf("took %v on %v", pair[1].Format, pair[0].Format)
		}
	}
}

func TestBlendAllocatesNothing(t *testing.T) {
	for _, f := range frames.PixelFormats() {
		dst, src := flat(f, 64, 48, Black), flat(f, 32, 20, Color{1, 2, 3, 99})
		for _, alpha := range []float64{1, 0.3} {
			if n := testing.AllocsPerRun(20, func() { _ = Blend(&dst, &src, 5, 5, Over, alpha) }); n != 0 {
				t.Errorf("%v: %v allocations", f, n)
			}
		}
	}
}
