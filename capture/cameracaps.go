package capture

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/eiengine/eiengine/capture/v4l2"
	"github.com/eiengine/eiengine/frames"
)

// v4l2Compressed are the encodings that are passed on as they are.
var v4l2Compressed = []struct {
	code string
	caps string
}{
	{"MJPG", "image/jpeg"}, {"JPEG", "image/jpeg"}, {"PJPG", "image/jpeg"},
	{"H264", "video/x-h264,stream-format=byte-stream,alignment=au"},
	{"HEVC", "video/x-h265,stream-format=byte-stream,alignment=au"},
	{"VP80", "video/x-vp8"}, {"VP90", "video/x-vp9"},
	{"BA81", "video/x-bayer,format=bggr"}, {"GBRG", "video/x-bayer,format=gbrg"},
	{"GRBG", "video/x-bayer,format=grbg"}, {"RGGB", "video/x-bayer,format=rggb"},
}

// isVideoStream reports whether frames of the format may depend on others.
func isVideoStream(f *frames.Format) bool {
	m := f.Media()
	return m == "video/x-h264" || m == "video/x-h265" || m == "video/x-vp8" || m == "video/x-vp9"
}

// v4l2Template is everything that a camera may give.
func v4l2Template() frames.Caps {
	all := rawVideo()
	for _, c := range v4l2Compressed[2:] {
		caps, err := frames.ParseCaps(c.caps)
		if err != nil {
			panic(err) // a constant
		}
		all = all.Union(caps)
	}
	return all
}

// structureOf is the kind of caps that an encoding has; ok is false for those that the engine
// does not know.
func structureOf(c v4l2.FourCC) (s frames.Structure, ok bool) {
	if pix := c.PixelFormat(); pix != frames.PixelUnknown {
		return frames.Structure{Media: frames.VideoRaw, Fields: []frames.Field{{Name: "format", Value: frames.String(pix.String())}}}, true
	}
	for _, k := range v4l2Compressed {
		if k.code == c.String() {
			caps, err := frames.ParseCaps(k.caps)
			return caps.Structures()[0], err == nil
		}
	}
	return s, false
}

// v4l2Rank orders encodings as GStreamer does: YUV with the most chroma first, then JPEG,
// then what takes more bytes or says less.
func v4l2Rank(f *v4l2.PixelFormat) int {
	rank := map[frames.PixelFormat]int{
		frames.YUY2: 1010, frames.UYVY: 1009, frames.NV12: 1008, frames.I420: 1007, frames.YV12: 1006, frames.YVYU: 1000,
		frames.BGRx: 100, frames.BGRA: 100, frames.XRGB: 100, frames.ARGB: 100, frames.RGBA: 100, frames.RGBx: 100, frames.ABGR: 100, frames.XBGR: 100,
		frames.RGB: 99, frames.BGR: 99, frames.NV21: 50, frames.GRAY8: 5,
	}[f.FourCC.PixelFormat()]
	switch f.FourCC {
	case v4l2.MJPEG:
		rank = 500
	case v4l2.JPEG:
		rank = 501
	}
	if f.Emulated {
		rank -= 1 << 15
	}
	return rank
}

// capsOf is what the camera can do, the best first: encodings by rank, in each the
// largest picture first.
func (s *cameraSource) capsOf(camera *v4l2.Camera) (frames.Caps, error) {
	formats, err := camera.Formats()
	if err != nil {
		return frames.Caps{}, err
	}
	slices.SortStableFunc(formats, func(a, b v4l2.PixelFormat) int { return cmp.Compare(v4l2Rank(&b), v4l2Rank(&a)) })
	par, err := s.pixelAspect(camera)
	if err != nil {
		return frames.Caps{}, err
	}
	var all []frames.Structure
	for _, f := range formats {
		kind, ok := structureOf(f.FourCC)
		if !ok {
			continue
		}
		slices.SortStableFunc(f.Sizes, func(a, b v4l2.Size) int {
			return cmp.Compare(b.Width.Max*b.Height.Max, a.Width.Max*a.Height.Max)
		})
		extra := append(par, looksOf(camera, &f)...)
		for _, size := range f.Sizes {
			one := kind.With("width", spanValue(size.Width)).With("height", spanValue(size.Height)).With("framerate", rateValue(size.Rates))
			for _, field := range extra {
				one = one.With(field.Name, field.Value)
			}
			all = append(all, one)
		}
	}
	if len(all) == 0 {
		return frames.Caps{}, fmt.Errorf("%s gives no format that is known here: it has %s", camera.Info().Path, codes(formats))
	}
	return frames.NewCaps(all...), nil
}

func codes(formats []v4l2.PixelFormat) []string {
	list := make([]string, 0, len(formats))
	for _, f := range formats {
		list = append(list, f.FourCC.String())
	}
	return list
}

// pixelAspect is the field of that name, if there is to be one.
func (s *cameraSource) pixelAspect(camera *v4l2.Camera) ([]frames.Field, error) {
	p := s.how()
	par, ok := camera.PixelAspect()
	if p.PixelAspectRatio != "" {
		if n, err := fmt.Sscanf(p.PixelAspectRatio, "%d/%d", &par.Num, &par.Den); n != 2 || err != nil || par.Num <= 0 || par.Den <= 0 {
			return nil, fmt.Errorf("pixel-aspect-ratio=%q: want a fraction such as 1/1", p.PixelAspectRatio)
		}
		ok = true
	}
	if !ok || !p.ForceAspectRatio {
		return nil, nil
	}
	return []frames.Field{{Name: "pixel-aspect-ratio", Value: par}}, nil
}

// looksOf is what the driver says of lines and colours of a format. A driver that cannot
// be asked says nothing.
func looksOf(camera *v4l2.Camera, f *v4l2.PixelFormat) []frames.Field {
	request := v4l2.Request{FourCC: f.FourCC}
	if len(f.Sizes) > 0 {
		request.Width, request.Height = f.Sizes[0].Width.Max, f.Sizes[0].Height.Max
	}
	set, err := camera.TryFormat(request)
	if err != nil {
		return nil
	}
	mode := "progressive"
	if set.Interlaced {
		mode = "interleaved"
	}
	fields := []frames.Field{{Name: "interlace-mode", Value: frames.String(mode)}}
	if set.Colors != (frames.ColorCodes{}) {
		fields = append(fields, frames.Field{Name: "colorimetry", Value: frames.String(set.Colors.String())})
	}
	return fields
}

func spanValue(s v4l2.Span) frames.Value {
	if s.Single() {
		return frames.Int(s.Max)
	}
	return frames.IntRange{Min: s.Min, Max: s.Max}
}

// rateValue is any rate if the driver tells none.
func rateValue(rates []v4l2.Rate) frames.Value {
	var list frames.List
	for _, r := range rates {
		if r.Single() {
			list = append(list, r.Max)
		} else {
			list = append(list, frames.FractionRange{Min: r.Min, Max: r.Max})
		}
	}
	switch len(list) {
	case 0:
		return frames.FractionRange{Min: frames.Fraction{Num: 0, Den: 1}, Max: frames.Fraction{Num: math.MaxInt32, Den: 1}}
	case 1:
		return list[0]
	}
	return list
}

// Limit implements eiengine.Limiter.
func (s *cameraSource) Limit() frames.Caps {
	if caps := s.limit.Load(); caps != nil {
		return *caps
	}
	return frames.AnyCaps()
}

// v4l2Wish is what to be near to.
type v4l2Wish struct {
	width, height int
	fps           frames.Fraction
}

// FixateFor implements eiengine.Suggestible, with GStreamer's choice: of what is behind the source
// likes best, the smallest picture that is as large as it wishes, or else the first in
// the order of capsOf; and the highest rate.
func (s *cameraSource) FixateFor(suggested, out frames.Caps) frames.Caps {
	wish := v4l2Wish{3840, 2160, frames.Fraction{Num: 120, Den: 1}}
	candidates := out.Structures()
	if list := suggested.Structures(); !suggested.IsAny() && len(list) > 0 {
		wish.take(list[0])
		if both := suggested.Intersect(out); !both.IsEmpty() {
			candidates = both.Structures()
		}
	}
	var fixed []frames.Structure
	for _, c := range candidates {
		c = c.FixateString("interlace-mode", "progressive")
		c = c.FixateInt("width", wish.width).FixateInt("height", wish.height).FixateFraction("framerate", wish.fps)
		fixed = append(fixed, c)
	}
	slices.SortStableFunc(fixed, wish.compare)
	return frames.NewCaps(fixed[0])
}

// take wishes for what a structure names.
func (w *v4l2Wish) take(s frames.Structure) {
	s = s.FixateInt("width", w.width).FixateInt("height", w.height).FixateFraction("framerate", w.fps)
	w.width, w.height = intOf(s, "width", w.width), intOf(s, "height", w.height)
	if v, ok := s.Get("framerate"); ok {
		if fps, ok := v.(frames.Fraction); ok && fps.Num > 0 {
			w.fps = fps
		}
	}
}

// compare orders those that are large enough before the others, the smallest first.
func (w *v4l2Wish) compare(a, b frames.Structure) int {
	aw, ah := intOf(a, "width", w.width), intOf(a, "height", w.height)
	bw, bh := intOf(b, "width", w.width), intOf(b, "height", w.height)
	aSmall, bSmall := aw < w.width || ah < w.height, bw < w.width || bh < w.height
	switch {
	case aSmall && bSmall:
		return 0
	case aSmall:
		return 1
	case bSmall:
		return -1
	}
	return cmp.Compare(aw*ah, bw*bh)
}

func intOf(s frames.Structure, name string, otherwise int) int {
	v, _ := s.Get(name)
	if n, ok := v.(frames.Int); ok {
		return int(n)
	}
	return otherwise
}

// requestFor is what a format asks of the camera.
func (s *cameraSource) requestFor(out *frames.Format) (r v4l2.Request, err error) {
	list := out.Caps().Structures()
	if len(list) == 0 {
		return r, fmt.Errorf("no format was negotiated")
	}
	st := list[0]
	r.Width, r.Height = intOf(st, "width", 0), intOf(st, "height", 0)
	if v, ok := st.Get("framerate"); ok {
		r.FPS, _ = v.(frames.Fraction)
	}
	camera := s.camera.Load()
	if camera == nil {
		r.FourCC = s.request.FourCC
		return r, nil
	}
	formats, err := camera.Formats()
	if err != nil {
		return r, err
	}
	for _, f := range formats {
		kind, ok := structureOf(f.FourCC)
		if !ok || !frames.NewCaps(kind).CanIntersect(out.Caps()) {
			continue
		}
		if f.Has(r.Width, r.Height) {
			r.FourCC = f.FourCC
			return r, nil
		}
		if r.FourCC == 0 {
			r.FourCC = f.FourCC // if no other of the same caps has that size
		}
	}
	if r.FourCC == 0 {
		return r, fmt.Errorf("%s gives no %s", camera.Info().Path, out)
	}
	return r, nil
}
