package capture

import (
	"bytes"
	"errors"
	"image"
	"image/png"
	"strings"
	"testing"
	"time"

	"github.com/eiengine/eiengine"
	engpng "github.com/eiengine/eiengine/encode/codec/png"
	"github.com/eiengine/eiengine/frames"
)

func samePixels(t *testing.T, g *collected, want image.Image, tolerance int) {
	t.Helper()
	b := want.Bounds()
	if g.picture.Width != b.Dx() || g.picture.Height != b.Dy() {
		t.Fatalf("%dx%d, want %v", g.picture.Width, g.picture.Height, b)
	}
	for y := range b.Dy() {
		for x := range b.Dx() {
			r, gr, bl, _ := want.At(b.Min.X+x, b.Min.Y+y).RGBA()
			exact := [3]int{int(r >> 8), int(gr >> 8), int(bl >> 8)}
			n := g.picture.Format.PixelStride()
			px := g.picture.Row(0, y)[n*x : n*x+n]
			for i := range 3 {
				v := int(px[min(i, n-1)])
				if d := v - exact[i]; d < -tolerance || d > tolerance {
					t.Fatalf("pixel %d,%d is %v, want %v", x, y, px, exact)
				}
			}
		}
	}
}

func TestPNGPhotograph(t *testing.T) {
	g := mustRun(t, "filesrc location="+photos+"camera.png ! decodebin")
	want, err := png.Decode(bytes.NewReader(read(t, photos+"camera.png")))
	if err != nil {
		t.Fatal(err)
	}
	if len(g) != 1 || g[0].pts != 0 {
		t.Fatalf("%d pictures", len(g))
	}
	samePixels(t, &g[0], want, 0)
}

// Whole pictures keep their times; sizes may change on the way.
func TestDecodeTimesAndSizes(t *testing.T) {
	big := frames.NewPicture(frames.RGBA, 32, 16)
	var b bytes.Buffer
	if err := engpng.Encode(&b, &big, 1); err != nil {
		t.Fatal(err)
	}
	a := smallPNG(t, 9)
	g, warnings, err := decode(t, "pngdec", "image/png", chunk{data: a, pts: 5 * time.Second}, chunk{data: b.Bytes(), pts: 6 * time.Second}, chunk{data: a[:20], pts: 7 * time.Second}, chunk{data: a[20:], pts: 8 * time.Second})
	if err != nil || len(warnings) > 0 || len(g) != 3 {
		t.Fatalf("%d pictures, %v, %v", len(g), warnings, err)
	}
	for i := range g {
		if g[i].pts != time.Duration(5+i)*time.Second {
			t.Errorf("picture %d has pts %v", i, g[i].pts)
		}
	}
	if v := g[1].format.Video; v.Format != frames.RGBA || v.Width != 32 || g[2].format.Video.Width != 9 {
		t.Errorf("formats %s, %s", g[1].format, g[2].format)
	}
	g, _, err = decode(t, "pngdec", "", chunk{data: append(bytes.Clone(a), a...), pts: frames.NoTime})
	if err != nil || len(g) != 2 || g[0].pts != 0 || g[1].pts != frames.NoTime {
		t.Errorf("without times: %d pictures, %v", len(g), err)
	}
}

func TestDecodeDamaged(t *testing.T) {
	a, b := smallPNG(t, 1), smallPNG(t, 2)
	broken := bytes.Clone(a)
	broken[len(broken)-20] ^= 0xff // inside of IDAT
	ok := func(data []byte) chunk { return chunk{data: data, pts: frames.NoTime} }

	g, warnings, err := decode(t, "pngdec", "", ok(a), ok(broken), ok(b))
	if err != nil || len(g) != 2 || len(warnings) != 1 || !strings.Contains(warnings[0], "picture 2 was left out") {
		t.Errorf("one broken of three: %d pictures, %q, %v", len(g), warnings, err)
	}
	g, warnings, err = decode(t, "pngdec", "", ok(a), ok([]byte("garbage in between")), ok(b))
	if err != nil || len(g) != 2 || len(warnings) != 1 {
		t.Errorf("garbage in between: %d pictures, %q, %v", len(g), warnings, err)
	}
	g, warnings, err = decode(t, "pngdec", "", ok(a), ok(b[:30]))
	if err != nil || len(g) != 1 || len(warnings) != 1 || !strings.Contains(warnings[0], "truncated") {
		t.Errorf("the last one truncated: %d pictures, %q, %v", len(g), warnings, err)
	}
	_, _, err = decode(t, "pngdec", "", ok(broken))
	if err == nil || !strings.Contains(err.Error(), "none of 1 PNG pictures could be decoded") {
		t.Errorf("only a broken one: %v", err)
	}
	var e *eiengine.ElementError
	if !errors.As(err, &e) {
		t.Errorf("the element is not named: %#v", err)
	}
}
