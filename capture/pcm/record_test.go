package pcm

import (
	"errors"
	"testing"
	"time"

	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/internal/guest"
	"github.com/eiengine/eiengine/internal/virtmic"
)

// TestReadTakesAllThereIs: what nobody has asked for yet does not stay in the server's memory,
// where it would hang libpulse once the server ends.
func TestReadTakesAllThereIs(t *testing.T) {
	if virtmic.Hear(t, 1000) == nil {
		return
	}
	p, err := Open("default", Capture)
	if errors.Is(err, ErrNoLibrary) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	audio := frames.AudioInfo{Format: frames.S16LE, Rate: 48000, Channels: 1}
	if _, err := p.Configure(audio, 10*time.Millisecond, 200*time.Millisecond); err != nil {
		t.Fatal(err)
	}
	one := make([]byte, audio.FrameBytes())
	first, err := p.Read(guest.Context(t), one)
	if err != nil {
		t.Fatal(err)
	}
	held := len(p.taken) / len(one)
	if held == 0 || first.Age < audio.Duration(held+1) {
		t.Errorf("one sample was read, %v old, and %d more were taken", first.Age, held)
	}
	for range held {
		if c, err := p.Read(guest.Context(t), one); err != nil || c.Samples != 1 || c.Lost {
			t.Fatalf("%+v, %v", c, err)
		}
	}
	if len(p.taken) > 0 {
		t.Errorf("%d bytes are left", len(p.taken))
	}
}
