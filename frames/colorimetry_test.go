package frames

import "testing"

func TestColorCodes(t *testing.T) {
	for _, tt := range []struct {
		in, out string
		color   Colorimetry
	}{
		{"bt601", "bt601", Colorimetry{BT601, LimitedRange}},
		{"2:3:5:1", "bt709", Colorimetry{BT709, LimitedRange}},
		{"1:4:0:0", "1:4:0:0", Colorimetry{BT601, FullRange}},
		{"bt2020", "bt2020", Colorimetry{BT2020, LimitedRange}},
		{"bt2100-pq", "bt2100-pq", Colorimetry{BT2020, LimitedRange}},
		{"smpte240m", "smpte240m", Colorimetry{SMPTE240M, LimitedRange}},
		{"1:2:3:4", "1:2:3:4", Colorimetry{FCC, FullRange}},
		{"sRGB", "sRGB", Colorimetry{MatrixDefault, FullRange}},
		{"9:99:1:1", "9:99:1:1", Colorimetry{}},
		{"whatever", "0:0:0:0", Colorimetry{}},
		{"1:2:3", "0:0:0:0", Colorimetry{}},
		{"1:2:3:-4", "0:0:0:0", Colorimetry{}},
	} {
		c := ParseColorCodes(tt.in)
		if c.String() != tt.out || c.Colorimetry() != tt.color {
			t.Errorf("%s is %s, %+v; want %s, %+v", tt.in, c, c.Colorimetry(), tt.out, tt.color)
		}
	}
}

// TestColorsInCaps: a format that names its colours reads back as what it was.
func TestColorsInCaps(t *testing.T) {
	for _, m := range []ColorMatrix{BT601, BT709, FCC, SMPTE240M, BT2020} {
		for _, r := range []ColorRange{LimitedRange, FullRange} {
			want := Colorimetry{m, r}
			f, err := VideoFormat(VideoInfo{Format: I420, Width: 2, Height: 2, Color: want})
			if err != nil {
				t.Fatal(err)
			}
			if f.Video.Color != want {
				t.Errorf("%+v became %s, which is %+v", want, f, f.Video.Color)
			}
		}
	}
}
