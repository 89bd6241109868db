package v4l2

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unsafe"

	"github.com/eiengine/eiengine/frames"
)

// TestTimesThatCannotBe: stamps of another clock are not believed.
func TestTimesThatCannotBe(t *testing.T) {
	const now = time.Hour
	for stamp, want := range map[time.Duration]time.Duration{now - time.Second: now - time.Second, now: now, now + 1: now, now - time.Minute: now, frames.NoTime: now} {
		if got := (&Frame{Time: stamp}).Taken(now); got != want {
			t.Errorf("stamped %v: taken at %v, want %v", stamp, got, want)
		}
	}
}

// TestSizesAreTheKernels: the numbers are those of C on 64-bit machines.
func TestSizesAreTheKernels(t *testing.T) {
	for name, c := range map[string]struct{ got, want uintptr }{
		"v4l2_capability":          {unsafe.Sizeof(capability{}), 104},
		"v4l2_fmtdesc":             {unsafe.Sizeof(formatDesc{}), 64},
		"v4l2_format":              {unsafe.Sizeof(format{}), 208},
		"v4l2_pix_format":          {unsafe.Sizeof(pixFormat{}), 48},
		"v4l2_pix_format_mplane":   {unsafe.Sizeof(pixFormatPlane{}), 192},
		"v4l2_requestbuffers":      {unsafe.Sizeof(requestBuffers{}), 20},
		"v4l2_buffer":              {unsafe.Sizeof(buffer{}), 88},
		"v4l2_plane":               {unsafe.Sizeof(plane{}), 64},
		"v4l2_exportbuffer":        {unsafe.Sizeof(exportBuffer{}), 64},
		"v4l2_streamparm":          {unsafe.Sizeof(streamParm{}), 204},
		"v4l2_frmsizeenum":         {unsafe.Sizeof(frameSizeEnum{}), 44},
		"v4l2_frmivalenum":         {unsafe.Sizeof(frameIntervalEnum{}), 52},
		"v4l2_query_ext_ctrl":      {unsafe.Sizeof(queryControl{}), 232},
		"v4l2_querymenu":           {unsafe.Sizeof(queryMenu{}), 44},
		"v4l2_ext_control":         {unsafe.Sizeof(extControl{}), 20},
		"v4l2_ext_controls":        {unsafe.Sizeof(extControls{}), 32},
		"v4l2_cropcap":             {unsafe.Sizeof(cropCap{}), 44},
		"v4l2_buffer.sequence":     {unsafe.Offsetof(buffer{}.sequence), 56},
		"v4l2_buffer.timestamp":    {unsafe.Offsetof(buffer{}.seconds), 24},
		"v4l2_buffer.m":            {unsafe.Offsetof(buffer{}.m), 64},
		"number of VIDIOC_DQBUF":   {vidiocDQBuf, 0xc0585611},
		"number of VIDIOC_REQBUFS": {vidiocReqBufs, 0xc0145608},
	} {
		if c.got != c.want {
			t.Errorf("%s: %#x, want %#x", name, c.got, c.want)
		}
	}
}

func TestWhatIsNoCamera(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"/dev/null":          "captures no pictures",
		file:                 "captures no pictures",
		"/dev/video-nowhere": "no camera at /dev/video-nowhere",
	} {
		_, err := Open(path)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v, want %q", path, err, want)
		}
	}
	if _, err := Open("/dev/null"); !errors.Is(err, ErrNotCamera) {
		t.Errorf("%v is not ErrNotCamera", err)
	}
	if _, err := Find("usb:no:such", ""); !errors.Is(err, ErrNotFound) {
		t.Errorf("%v is not ErrNotFound", err)
	}
}

func TestFourCC(t *testing.T) {
	for code, want := range map[FourCC]string{YUYV: "YUYV", code("Y16 "): "Y16", NV12M: "NM12", 0x01020304: "...."} {
		if got := code.String(); got != want {
			t.Errorf("%#x: %q, want %q", uint32(code), got, want)
		}
	}
	if MakeFourCC([4]byte{'M', 'J', 'P', 'G'}) != MJPEG || MJPEG.PixelFormat() != frames.PixelUnknown || YUYV.PixelFormat() != frames.YUY2 {
		t.Error("codes and formats do not match")
	}
}

func TestColoursAreThoseOfCaps(t *testing.T) {
	for _, c := range []struct {
		name   string
		colors colors
		pix    frames.PixelFormat
		want   string
	}{
		{"sRGB as YUV, as most webcams", colors{space: spaceSRGB}, frames.YUY2, "2:4:7:1"},
		{"sRGB as RGB", colors{space: spaceSRGB}, frames.BGRx, "sRGB"},
		{"HD", colors{space: rec709}, frames.NV12, "bt709"},
		{"SD", colors{space: smpte170M}, frames.NV12, "bt601"},
		{"JPEG", colors{space: spaceJPEG}, frames.NV12, "1:4:7:1"},
		{"full range by quantization", colors{space: rec709, quantization: 1}, frames.NV12, "1:3:5:1"},
		{"another matrix", colors{space: spaceSRGB, ycbcr: 2}, frames.NV12, "2:3:7:1"},
		{"gray", colors{space: spaceSRGB}, frames.GRAY8, "2:4:7:1"},
		{"UVC, raw", colors{space: spaceSRGB, ycbcr: 1, xfer: 1}, frames.YUY2, "2:4:16:1"},
		{"UVC, JPEG", colors{space: spaceSRGB, ycbcr: 1, xfer: 1}, frames.PixelUnknown, "2:4:5:1"},
		{"unknown", colors{}, frames.NV12, "0:0:0:0"},
	} {
		if got := c.colors.codes(c.pix).String(); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestControlValues(t *testing.T) {
	menu := Control{Name: "mode", Type: Menu, Max: 3, Items: []MenuItem{{1, "Manual Mode"}, {3, "Aperture Priority Mode"}}}
	number := Control{Name: "gain", Type: Integer, Min: -5, Max: 0x20}
	for _, c := range []struct {
		control *Control
		value   string
		want    int64
		err     string
	}{
		{&menu, "Manual mode", 1, ""},
		{&menu, "3", 3, ""},
		{&menu, "none", 0, "1 (Manual Mode), 3 (Aperture Priority Mode)"},
		{&number, "0x10", 16, ""},
		{&number, "-5", -5, ""},
		{&number, "33", 0, "-5 to 32"},
		{&number, "true", 1, ""},
	} {
		got, err := c.control.number(c.value)
		if c.err == "" && (err != nil || got != c.want) || c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err)) {
			t.Errorf("%s=%s: %d, %v; want %d, %s", c.control.Name, c.value, got, err, c.want, c.err)
		}
	}
	for label, want := range map[string]string{"White Balance, Automatic": "white_balance_automatic", "Gain": "gain", "(x)": "x"} {
		if got := controlName(label); got != want {
			t.Errorf("%q is %q, want %q", label, got, want)
		}
	}
}

func TestLayouts(t *testing.T) {
	for _, c := range []struct {
		name   string
		format Format
		frame  Frame
		want   frames.Layout
		whole  bool
	}{
		{
			"packed, with longer rows", Format{FourCC: YUYV, Width: 10, Height: 4, Planes: []Plane{{32, 128}}}, Frame{Size: 128},
			frames.Layout{Stride: [3]int{32}, Size: 3*32 + 20}, true,
		},
		{
			"planes in one block", Format{FourCC: code("YU12"), Width: 8, Height: 4, Planes: []Plane{{16, 96}}}, Frame{Size: 96},
			frames.Layout{Offset: [3]int{0, 64, 80}, Stride: [3]int{16, 8, 8}, Size: 80 + 8 + 4}, true,
		},
		{
			"planes apart, the first with a head", Format{FourCC: NV12M, Width: 8, Height: 4, Planes: []Plane{{8, 32}, {16, 32}}},
			Frame{Size: 4096 + 32, Offset: [8]int{8, 4096}},
			frames.Layout{Offset: [3]int{8, 4096}, Stride: [3]int{8, 16}, Size: 4096 + 16 + 8}, true,
		},
		{
			"too short", Format{FourCC: NV12, Width: 8, Height: 4, Planes: []Plane{{8, 48}}}, Frame{Size: 40},
			frames.Layout{Offset: [3]int{0, 32}, Stride: [3]int{8, 8}, Size: 48}, false,
		},
	} {
		got, whole := c.format.Layout(&c.frame)
		if got != c.want || whole != c.whole {
			t.Errorf("%s: %+v, %v; want %+v, %v", c.name, got, whole, c.want, c.whole)
		}
	}
}
