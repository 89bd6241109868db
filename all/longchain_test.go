package all_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/eiengine/eiengine"
)

// longChains are lines of about 600 elements that have to agree on a format.
var longChains = []struct{ name, line string }{
	{"identity", "fakesrc num-buffers=1 ! " + strings.Repeat("identity ! ", 600) + "fakesink"},
	{"videoconvert", "videotestsrc num-buffers=1 ! " + strings.Repeat("videoconvert ! ", 600) + "fakesink"},
	{"audioconvert", "audiotestsrc num-buffers=1 ! " + strings.Repeat("audioconvert ! ", 600) + "fakesink"},
	{"video mixed", "videotestsrc num-buffers=1 ! " +
		strings.Repeat("videoconvert ! videoscale ! queue ! video/x-raw,format={RGB,I420},width=[16,640] ! ", 150) + "fakesink"},
	{"audio mixed", "audiotestsrc num-buffers=1 ! " +
		strings.Repeat("audioconvert ! audioresample ! queue ! audio/x-raw,rate=[8000,48000] ! ", 150) + "fakesink"},
	{"every converter", "videotestsrc num-buffers=1 ! " +
		strings.Repeat("videoconvert ! videoscale ! videorate ! videoconvertscale ! videocrop ! videoflip ! ", 100) + "fakesink"},
	{"branches", "videotestsrc num-buffers=1 ! tee name=t " + strings.Repeat("t. ! queue ! videoconvert ! fakesink ", 200)},
	{"branches of converters", "videotestsrc num-buffers=1 ! tee name=t " + strings.Repeat("t. ! queue ! "+strings.Repeat("videoconvert ! videoscale ! ", 14)+"fakesink ", 20)},
}

func BenchmarkLongChain(b *testing.B) {
	for _, c := range longChains {
		b.Run(strings.ReplaceAll(c.name, " ", "-"), func(b *testing.B) {
			e := eiengine.New(eiengine.Options{})
			defer e.Close()
			for b.Loop() {
				p, err := e.Launch(c.line)
				if err != nil {
					b.Fatal(err)
				}
				if err := p.Run(context.Background()); err != nil {
					b.Fatal(err)
				}
				if err := p.Close(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// TestLongChains: they play, with the default engine's elements in every mixture.
func TestLongChains(t *testing.T) {
	for _, c := range longChains {
		t.Run(c.name, func(t *testing.T) {
			e := eiengine.New(eiengine.Options{})
			p, err := e.Launch(c.line)
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
			defer cancel()
			if err := p.Run(ctx); err != nil {
				t.Error(err)
			}
			if err := e.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}
