package encode_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/eiengine/eiengine"
	_ "github.com/eiengine/eiengine/capture"
	"github.com/eiengine/eiengine/encode/codec/wav"
	_ "github.com/eiengine/eiengine/flow"
	"github.com/eiengine/eiengine/frames"
	_ "github.com/eiengine/eiengine/frames/convert"
)

func runWAV(t *testing.T, line string) error {
	t.Helper()
	engine := eiengine.New(eiengine.Options{})
	defer func() {
		if s := engine.Pool().Stats(); s.InUse != 0 {
			t.Errorf("%s\nframes left: %s", line, engine.Pool().Leaks())
		}
		if err := engine.Close(); err != nil {
			t.Error(err)
		}
	}()
	p, err := engine.Launch(line)
	if err != nil {
		t.Fatalf("%s\n%v", line, err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	err = p.Run(ctx)
	if closing := p.Close(); closing != nil {
		t.Error(closing)
	}
	return err
}

// In a file the header knows the length, and the samples are those that came.
func TestWavEncWritesFiles(t *testing.T) {
	for _, f := range frames.SampleFormats() {
		for _, channels := range []int{1, 2, 3} {
			file := filepath.Join(t.TempDir(), "a.wav")
			line := fmt.Sprintf("audiotestsrc num-buffers=3 samplesperbuffer=333 ! audioconvert ! audio/x-raw,format=%s,rate=8000,channels=%d ! queue ! wavenc ! filesink location=%s", f, channels, file)
			if err := runWAV(t, line); err != nil {
				t.Fatalf("%s\n%v", line, err)
			}
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			want := frames.AudioInfo{Format: f, Rate: 8000, Channels: channels}
			h, n, ok, err := wav.ParseHeader(data)
			if err != nil || !ok || h.Info != want || h.Data != int64(999*want.FrameBytes()) {
				t.Errorf("%s\nthe header says %+v, %v", line, h, err)
				continue
			}
			if rest := int64(len(data) - n); rest != h.Data+h.Data&1 {
				t.Errorf("%s\n%d bytes of samples behind the header, want %d", line, rest, h.Data)
			}
			if riff := binary.LittleEndian.Uint32(data[4:]); int(riff) != len(data)-8 {
				t.Errorf("the file says it has %d bytes, it has %d", riff+8, len(data))
			}
		}
	}
}

// What goes through no file reads as a stream of unknown length.
func TestWavEncRoundTrip(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.raw")
	plain := filepath.Join(t.TempDir(), "b.raw")
	const sound = "audiotestsrc num-buffers=5 ! audio/x-raw,format=S16LE,rate=16000,channels=2 ! "
	for _, line := range []string{sound + "wavenc ! wavparse ! filesink location=" + file, sound + "filesink location=" + plain} {
		if err := runWAV(t, line); err != nil {
			t.Fatalf("%s\n%v", line, err)
		}
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile(plain)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("%d bytes came back of %d, or others; %v", len(got), len(want), err)
	}
}

func TestWavEncWithAppendSaysWhatIsMissing(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.wav")
	if err := runWAV(t, "audiotestsrc num-buffers=1 ! wavenc ! filesink append=true location="+file); err != nil {
		t.Error(err)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if h, _, _, err := wav.ParseHeader(data); err != nil || h.Data != -1 {
		t.Errorf("the header says %d bytes, %v", h.Data, err)
	}
}
