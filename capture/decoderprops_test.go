package capture

import (
	"slices"
	"testing"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/internal/graphtest"
)

// tardy is a sink that says of its second picture that it came an eighth of a
// second too late.
type tardy struct{ pts []time.Duration }

func init() {
	eiengine.Register(eiengine.Factory{
		Name: "tardy", LongName: "Tardy", Class: "Sink", Description: "Says that it is late, for tests",
		Pads: []eiengine.PadTemplate{eiengine.SinkPad(frames.AnyCaps())},
		New:  func() eiengine.Element { return new(tardy) },
	})
}

func (s *tardy) Process(c *eiengine.Ctx, in *frames.Frame) error {
	defer in.Release()
	s.pts = append(s.pts, in.PTS)
	if len(s.pts) != 2 { // by then the pipeline plays
		return nil
	}
	return c.SendEvent(eiengine.QoSEvent{Timestamp: in.PTS, Jitter: 125 * time.Millisecond})
}

func TestDecodersLeaveOutWhatIsTooLate(t *testing.T) {
	const all = 6
	for qos, want := range map[string][]int{"true": {0, 1, 4, 5}, "false": {0, 1, 2, 3, 4, 5}} {
		for decoder, encoded := range map[string][]byte{"jpegdec": smallJPEG(t, 9), "pngdec": smallPNG(t, 9)} {
			var list []chunk
			for i := range all {
				list = append(list, chunk{data: encoded, pts: time.Duration(i) * 100 * time.Millisecond})
			}
			p := graphtest.Launch(t, "chunks name=in ! "+decoder+" qos="+qos+" ! tardy name=out")
			in := p.Element("in").(*chunks)
			in.list, in.format = list, frames.Untyped
			if err := p.Run(graphtest.Context(t)); err != nil {
				t.Fatal(err)
			}
			var got []int
			for _, at := range p.Element("out").(*tardy).pts {
				got = append(got, int(at/(100*time.Millisecond)))
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s qos=%s: pictures %v arrived, want %v", decoder, qos, got, want)
			}
		}
	}
}

func TestDecodersLeaveOutWhatIsCorrupted(t *testing.T) {
	list := []chunk{{data: smallPNG(t, 1)}, {data: smallPNG(t, 2), flags: frames.Corrupted}, {data: smallPNG(t, 3)}}
	for decoder, want := range map[string]int{"pngdec": 3, "pngdec discard-corrupted-frames=true": 2} {
		got, warnings, err := decode(t, decoder, "", list...)
		if err != nil || len(got) != want || len(warnings) > 0 {
			t.Errorf("%s: %d pictures, %v, %v; want %d", decoder, len(got), warnings, err, want)
		}
		if want == 3 && got[1].flags&frames.Corrupted == 0 {
			t.Errorf("%s: the picture has lost its flag", decoder)
		}
	}
}

func TestDecodersFailAfterTooManyErrors(t *testing.T) {
	good, bad := smallPNG(t, 1), slices.Clone(smallPNG(t, 2))
	for i := 41; i < len(bad)-16; i++ { // the pixels
		bad[i] ^= 0x55
	}
	list := []chunk{{data: good}, {data: bad}, {data: good}, {data: bad}, {data: bad}, {data: good}}
	for decoder, fails := range map[string]bool{"pngdec": false, "pngdec max-errors=0": false, "pngdec max-errors=3": false, "pngdec max-errors=2": true} {
		got, _, err := decode(t, decoder, "", list...)
		if (err != nil) != fails || !fails && len(got) != 3 {
			t.Errorf("%s: %d pictures, %v; want a failure: %v", decoder, len(got), err, fails)
		}
	}
}
