package jpeg_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/eiengine/eiengine/encode/codec/jpeg"
	"github.com/eiengine/eiengine/frames"
)

// kinds are the pictures of testdata and the format in which they are decoded.
var kinds = map[string]frames.PixelFormat{
	"410": frames.I420, "411": frames.I420, "420": frames.I420, "422": frames.I420, "440": frames.I420, "444": frames.I420,
	"422-odd-factors": frames.I420, "mixed": frames.I420,
	"progressive": frames.I420, "progressive-restart": frames.I420, "restart": frames.I420, "arithmetic": frames.I420,
	"gray": frames.GRAY8, "rgb": frames.RGB, "cmyk": frames.RGB,
}

func picture(t testing.TB, kind string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", kind+".jpg"))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// notInFloor are those that image/jpeg does not decode.
var notInFloor = map[string]bool{"arithmetic": true, "mixed": true}

func TestKinds(t *testing.T) {
	original := decode(t, picture(t, "444"), frames.RGB)
	byBoth(t, func(t *testing.T) {
		for kind, format := range kinds {
			data := picture(t, kind)
			info, err := jpeg.Config(data)
			if err != nil || info.Format != format || info.Width != 75 || info.Height != 50 {
				t.Errorf("%s: %+v %v", kind, info, err)
				continue
			}
			if strings.HasSuffix(t.Name(), "floor") && notInFloor[kind] {
				continue
			}
			for _, to := range []frames.PixelFormat{format, frames.RGB, frames.BGRx, frames.NV12, frames.YV12, frames.GRAY8} {
				want := original
				if kind == "gray" || to == frames.GRAY8 {
					want = decode(t, picture(t, "gray"), frames.GRAY8)
				}
				got := decode(t, data, to)
				if db := psnr(t, &want, &got); db < 28 {
					t.Errorf("%s to %v: %.1f dB, want 28", kind, to, db)
				}
			}
		}
	})
}

// Both ways give the same picture but for rounding.
func TestBothWaysAgree(t *testing.T) {
	needLibrary(t)
	fast := map[string]frames.Picture{}
	for kind, format := range kinds {
		fast[kind] = decode(t, picture(t, kind), format)
	}
	jpeg.WithoutLibrary(t)
	for kind, format := range kinds {
		if notInFloor[kind] {
			continue
		}
		slow, fast := decode(t, picture(t, kind), format), fast[kind]
		want := 45.0
		if kind == "410" { // of which the library gives no planes, but RGB
			want = 40
		}
		if db := psnr(t, &slow, &fast); db < want {
			t.Errorf("%s: %.1f dB apart, want %.0f", kind, db, want)
		}
	}
}
