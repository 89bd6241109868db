package capture

import (
	"context"
	"encoding/binary"
	"slices"
	"testing"
	"time"

	"github.com/eiengine/eiengine/bus"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/internal/graphtest"
)

func riffChunk(kind string, body []byte) []byte {
	c := binary.LittleEndian.AppendUint32([]byte(kind), uint32(len(body)))
	c = append(c, body...)
	return append(c, make([]byte, len(body)&1)...)
}

// taggedWAV says of itself what its title is, and marks two places.
func taggedWAV(t *testing.T) []byte {
	t.Helper()
	plain, _ := wavOf(t, frames.AudioInfo{Format: frames.S16LE, Rate: 16000, Channels: 1}, 48000)
	le := binary.LittleEndian
	cue := func(id, sample uint32) []byte {
		b := le.AppendUint32(le.AppendUint32(nil, id), sample)
		b = append(b, "data"...)
		return le.AppendUint32(append(b, make([]byte, 8)...), sample)
	}
	label := func(kind string, id uint32, text string) []byte {
		return riffChunk(kind, append(le.AppendUint32(nil, id), text+"\x00"...))
	}
	more := riffChunk("LIST", slices.Concat([]byte("INFO"), riffChunk("INAM", []byte("Morning birds\x00")), riffChunk("ITRK", []byte("3\x00")), riffChunk("IXYZ", []byte("?"))))
	more = append(more, riffChunk("LIST", slices.Concat([]byte("adtl"), label("labl", 1, "intro"), label("labl", 2, "call"), label("note", 2, "a note")))...)
	more = append(more, riffChunk("cue ", slices.Concat([]byte{2, 0, 0, 0}, cue(1, 0), cue(2, 16000)))...)
	const head = 36 // RIFF, WAVE and fmt, before the samples
	return slices.Concat(plain[:head], more, plain[head:])
}

func TestWAVSaysWhatItIs(t *testing.T) {
	p := graphtest.Launch(t, "filesrc location="+write(t, "tagged.wav", taggedWAV(t))+" ! queue ! wavparse ! queue ! collect name=out")
	sub := p.Bus().Subscribe(64, bus.TypeTag, bus.TypeTOC)
	if err := p.Run(graphtest.Context(t)); err != nil {
		t.Fatal(err)
	}
	sub.Close()
	var tags []bus.Tag
	var entries []bus.TOCEntry
	for m := range sub.All(context.Background()) {
		switch p := m.Payload.(type) {
		case *bus.Tags:
			tags = append(tags, p.Tags...)
		case *bus.TOC:
			entries = append(entries, p.Entries...)
		}
		if m.Src != "out" {
			t.Errorf("%s tells of the tags, want the sink", m.Src)
		}
	}
	want := []bus.Tag{
		{Name: "container-format", Value: "WAV"}, {Name: "bitrate", Value: "256000"},
		{Name: "audio-codec", Value: "Uncompressed 16-bit PCM audio"}, {Name: "title", Value: "Morning birds"}, {Name: "track-number", Value: "3"},
	}
	if !slices.Equal(tags, want) {
		t.Errorf("the tags are %v, want %v", tags, want)
	}
	if len(entries) != 1 || len(entries[0].Entries) != 2 || entries[0].Stop != 3*time.Second {
		t.Fatalf("the table of contents is %+v, want two tracks in three seconds", entries)
	}
	call := entries[0].Entries[1]
	if call.Start != time.Second || call.Stop != 3*time.Second || !slices.Equal(call.Tags, []bus.Tag{{Name: "title", Value: "call"}, {Name: "comment", Value: "a note"}}) {
		t.Errorf("the second track is %+v", call)
	}
}
