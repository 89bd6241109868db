package mediadevices

import (
	"cmp"
	"slices"
	"time"

	"github.com/pion/mediadevices/pkg/frame"
	"github.com/pion/mediadevices/pkg/prop"

	"github.com/eiengine/eiengine/capture/camera"
	"github.com/eiengine/eiengine/capture/pcm"
	"github.com/eiengine/eiengine/capture/v4l2"
)

// formats are pion's names of encodings where they differ from those of V4L2.
var formats = map[string]frame.Format{
	"YU12": frame.FormatI420, "MJPG": frame.FormatMJPEG, "JPEG": frame.FormatMJPEG,
	"NM12": frame.FormatNV12, "NM21": frame.FormatNV21, "YM12": frame.FormatI420,
}

func frameFormat(c v4l2.FourCC) frame.Format {
	if f, ok := formats[c.String()]; ok {
		return f
	}
	return frame.Format(c.String())
}

// usualSizes and usualRates are offered by cameras that have ranges of them.
var (
	usualSizes = [][2]int{{160, 120}, {320, 240}, {640, 360}, {640, 480}, {800, 600}, {1024, 768}, {1280, 720}, {1280, 960}, {1920, 1080}, {2560, 1440}, {3840, 2160}}
	usualRates = []float64{5, 10, 15, 24, 25, 30, 50, 60, 120}
)

// videoProperties are all that a camera can do, what programs without constraints want
// first: pion takes the first of those that fit alike.
func videoProperties(all []v4l2.PixelFormat) []prop.Media {
	type ranked struct {
		media prop.Media
		rank  int
	}
	var list []ranked
	for _, f := range all {
		rank, ok := camera.Cost(f.FourCC)
		if !ok {
			continue
		}
		for _, s := range f.Sizes {
			for _, size := range sizes(s) {
				for _, fps := range rates(s.Rates) {
					list = append(list, ranked{prop.Media{Video: prop.Video{
						Width: size[0], Height: size[1], FrameRate: fps, FrameFormat: frameFormat(f.FourCC),
					}}, rank})
				}
			}
		}
	}
	slices.SortStableFunc(list, func(a, b ranked) int {
		return cmp.Or(cmp.Compare(unusual(&a.media), unusual(&b.media)), cmp.Compare(a.rank, b.rank))
	})
	out := make([]prop.Media, len(list))
	for i, r := range list {
		out[i] = r.media
	}
	return out
}

// unusual is how far something is from 640x480 at 30 pictures a second.
func unusual(m *prop.Media) float64 {
	far := func(a, b float64) float64 { return max(a-b, b-a) / max(a, b) }
	d := far(float64(m.Width), 640) + far(float64(m.Height), 480)
	if m.FrameRate > 0 {
		d += far(float64(m.FrameRate), 30)
	}
	return d
}

func sizes(s v4l2.Size) [][2]int {
	if s.Width.Single() && s.Height.Single() {
		return [][2]int{{s.Width.Max, s.Height.Max}}
	}
	all := [][2]int{{s.Width.Max, s.Height.Max}, {s.Width.Min, s.Height.Min}}
	for _, u := range usualSizes {
		if within(s.Width, u[0]) && within(s.Height, u[1]) && !slices.Contains(all, u) {
			all = append(all, u)
		}
	}
	return all
}

func within(s v4l2.Span, n int) bool {
	return n >= s.Min && n <= s.Max && (n-s.Min)%max(s.Step, 1) == 0
}

// rates are single ones; 0, which pion takes for any, if the camera does not tell.
func rates(all []v4l2.Rate) []float32 {
	var out []float32
	for _, r := range all {
		out = append(out, float32(r.Max.Float()))
		if r.Single() {
			continue
		}
		for _, u := range usualRates {
			if u >= r.Min.Float() && u < r.Max.Float() {
				out = append(out, float32(u))
			}
		}
	}
	if len(out) == 0 {
		return []float32{0}
	}
	return out
}

// audioLatency is how much sound comes at once, as with pion's own driver.
const audioLatency = 20 * time.Millisecond

// audioProperties are what a microphone can do, what programs without constraints want first.
func audioProperties(a *pcm.Abilities) []prop.Media {
	var out []prop.Media
	for _, channels := range possible(a.MinChannels, a.MaxChannels, 1, 2) {
		for _, rate := range possible(a.MinRate, a.MaxRate, 48000, 44100, 32000, 16000, 8000) {
			for _, bytes := range []int{2, 4} {
				out = append(out, prop.Media{Audio: prop.Audio{
					ChannelCount: channels, SampleRate: rate, SampleSize: bytes, IsFloat: bytes == 4,
					IsInterleaved: true, Latency: audioLatency,
				}})
			}
		}
	}
	return out
}

// possible are those of the usual numbers that are possible, or the lowest that is.
func possible(low, high int, usual ...int) []int {
	var out []int
	for _, n := range usual {
		if n >= low && n <= high {
			out = append(out, n)
		}
	}
	if len(out) == 0 {
		return []int{low}
	}
	return out
}
