package flow

import (
	"fmt"
	"testing"

	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/internal/graphtest"
)

func TestProgramsLookAtFramesAsTheyPass(t *testing.T) {
	for element, signals := range map[string]bool{"src": false, "i": true, "s": false} {
		for _, wanted := range []bool{false, true} {
			p := graphtest.Launch(t, "fakesrc name=src num-buffers=4 sizetype=fixed sizemax=7 ! identity name=i ! fakesink name=s")
			if wanted != signals {
				if err := p.Set(element, "signal-handoffs", fmt.Sprint(wanted)); err != nil {
					t.Fatal(err)
				}
			}
			bytes := 0
			disconnect, err := p.Connect(element, "handoff", func(f *frames.Frame) { bytes += f.Size() })
			if err != nil {
				t.Fatal(err)
			}
			if err := p.Run(graphtest.Context(t)); err != nil {
				t.Fatal(err)
			}
			if saw := bytes == 28; saw != wanted {
				t.Errorf("%s with signal-handoffs=%v: %d bytes were seen, of 28", element, wanted, bytes)
			}
			disconnect()
			if err := p.Run(graphtest.Context(t)); err != nil {
				t.Fatal(err)
			}
			if wanted && bytes != 28 {
				t.Errorf("%s: frames are shown after the end of looking", element)
			}
		}
	}
}
