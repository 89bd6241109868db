package capture

import (
	"fmt"
	"strconv"
	"time"

	"github.com/eiengine/eiengine/bus"
	"github.com/eiengine/eiengine/encode/codec/wav"
	"github.com/eiengine/eiengine/frames"
)

// infoTags are GStreamer's names of the texts in the list INFO of a RIFF file.
var infoTags = map[string]string{
	"IARL": "location", "IART": "artist", "ICMS": "artist", "ICMT": "comment", "ICOP": "copyright", "ICRD": "datetime",
	"IGNR": "genre", "IKEY": "keywords", "ILNG": "language-code", "INAM": "title", "IPRD": "album", "ISFT": "encoder",
	"ISRC": "isrc", "ITRK": "track-number",
}

// wavTags are the facts about a WAV: how it is made, and what it says of itself.
func wavTags(h *wav.Header) []bus.Tag {
	kind := "PCM"
	if h.Info.Format == frames.F32LE || h.Info.Format == frames.F64LE {
		kind = "IEEE float"
	}
	bits := 8 * h.Info.Format.Bytes()
	tags := []bus.Tag{
		{Name: "container-format", Value: "WAV"},
		{Name: "bitrate", Value: strconv.Itoa(h.Info.Rate * h.Info.Channels * bits)},
		{Name: "audio-codec", Value: fmt.Sprintf("Uncompressed %d-bit %s audio", bits, kind)},
	}
	for _, t := range h.Texts {
		if name := infoTags[t.ID]; name != "" {
			tags = append(tags, bus.Tag{Name: name, Value: t.Value})
		}
	}
	return tags
}

// wavTOC are the tracks that the cues of a WAV begin, each up to the next one; nil
// if it has none. The length of the whole may be unknown.
func wavTOC(h *wav.Header, length time.Duration) []bus.TOCEntry {
	if len(h.Cues) == 0 {
		return nil
	}
	whole := bus.TOCEntry{Kind: "edition", Stop: length}
	for i, cue := range h.Cues {
		track := bus.TOCEntry{Kind: "track", Start: h.Info.Duration(int(cue.Sample)), Stop: length}
		if i+1 < len(h.Cues) {
			track.Stop = h.Info.Duration(int(h.Cues[i+1].Sample))
		}
		if cue.Label != "" {
			track.Tags = append(track.Tags, bus.Tag{Name: "title", Value: cue.Label})
		}
		if cue.Note != "" {
			track.Tags = append(track.Tags, bus.Tag{Name: "comment", Value: cue.Note})
		}
		whole.Entries = append(whole.Entries, track)
	}
	return []bus.TOCEntry{whole}
}
