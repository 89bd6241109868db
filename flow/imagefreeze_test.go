package flow

import (
	"strings"
	"testing"
	"time"

	_ "github.com/eiengine/eiengine/capture"
	"github.com/eiengine/eiengine/internal/graphtest"
)

func TestImagefreezeRepeatsThePicture(t *testing.T) {
	for _, tt := range []struct {
		line  string
		count int
		step  time.Duration
	}{
		{"videotestsrc num-buffers=1 pattern=ball ! imagefreeze num-buffers=5", 5, 40 * time.Millisecond},
		{"videotestsrc num-buffers=4 pattern=ball ! imagefreeze num-buffers=5 ! video/x-raw,framerate=10/1", 5, 100 * time.Millisecond},
		{"videotestsrc num-buffers=1 ! video/x-raw,framerate=0/1 ! imagefreeze ! video/x-raw,framerate=0/1", 1, 0},
		{"videotestsrc num-buffers=1 ! imagefreeze num-buffers=0", 0, 0},
	} {
		p := graphtest.Run(t, tt.line+" ! testcollect name=s")
		got := p.Element("s").(*collector).frames()
		if len(got) != tt.count {
			t.Errorf("%s gives %d frames, want %d", tt.line, len(got), tt.count)
			continue
		}
		for i := range got {
			if string(got[i].data) != string(got[0].data) || got[i].frame.PTS != time.Duration(i)*tt.step {
				t.Errorf("%s: frame %d is another picture, or at %v", tt.line, i, got[i].frame.PTS)
			}
		}
	}
}

func TestImagefreezeRunsAgain(t *testing.T) {
	p := graphtest.Launch(t, "videotestsrc num-buffers=1 ! imagefreeze num-buffers=3 ! fakesink name=s")
	for range 2 {
		if err := p.Run(graphtest.Context(t)); err != nil {
			t.Fatal(err)
		}
	}
}

func TestImagefreezeLive(t *testing.T) {
	begin := time.Now()
	graphtest.Run(t, "videotestsrc num-buffers=1 ! imagefreeze is-live=true num-buffers=5 ! video/x-raw,framerate=50/1 ! fakesink")
	if d := time.Since(begin); d < 80*time.Millisecond {
		t.Errorf("5 live frames at 50 a second came in %v", d)
	}
}

// The end that a user asks for comes, although the source ended long ago.
func TestImagefreezeEndsWhenAsked(t *testing.T) {
	p := graphtest.Launch(t, "videotestsrc num-buffers=1 ! imagefreeze ! fakesink sync=true")
	ctx := graphtest.Context(t)
	if err := p.Play(ctx); err != nil {
		t.Fatal(err)
	}
	p.SendEOS()
	if err := p.Wait(ctx); err != nil {
		t.Error(err)
	}
}

func TestImagefreezeReplaces(t *testing.T) {
	p := graphtest.Run(t, "videotestsrc num-buffers=20 pattern=blink is-live=true ! video/x-raw,framerate=100/1 ! imagefreeze allow-replace=true is-live=true num-buffers=20 ! video/x-raw,framerate=100/1 ! testcollect name=s")
	different := map[string]bool{}
	for _, f := range p.Element("s").(*collector).frames() {
		different[string(f.data[:16])] = true
	}
	if len(different) != 2 {
		t.Errorf("%d different pictures, want 2", len(different))
	}
}

func TestImagefreezeRefusesAnotherSize(t *testing.T) {
	p := graphtest.Launch(t, "concat name=c ! imagefreeze ! fakesink sync=true  videotestsrc num-buffers=1 ! video/x-raw,width=32,height=32 ! c.  "+
		"videotestsrc num-buffers=1 ! video/x-raw,width=64,height=32 ! c.")
	err := p.Run(graphtest.Context(t))
	if err == nil || !strings.Contains(err.Error(), "allow-replace") {
		t.Errorf("got %v", err)
	}
}
