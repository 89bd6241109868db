package wav

import (
	"bytes"
	"encoding/binary"
	"iter"
)

// Text is what a chunk of the list INFO says, such as "INAM", the title.
type Text struct{ ID, Value string }

// Cue is a marked place in the samples.
type Cue struct {
	ID          uint32
	Sample      int64  // of each channel
	Label, Note string // empty if there is none
}

// maxCues bounds how many marks of a file are kept.
const maxCues = 1 << 16

// chunksOf yields the chunks that follow each other in data; one that is cut off
// ends it.
func chunksOf(data []byte) iter.Seq2[string, []byte] {
	return func(yield func(string, []byte) bool) {
		for len(data) >= 8 {
			size := int64(binary.LittleEndian.Uint32(data[4:]))
			if size > int64(len(data)-8) {
				return
			}
			if !yield(string(data[:4]), data[8:8+size]) {
				return
			}
			data = data[min(8+size+size&1, int64(len(data))):]
		}
	}
}

// text is a string of a chunk, which a zero byte ends.
func text(c []byte) string {
	c, _, _ = bytes.Cut(c, []byte{0})
	return string(bytes.ToValidUTF8(c, []byte("?")))
}

// list reads a chunk LIST: INFO has texts, adtl the names of cues.
func (h *Header) list(c []byte) {
	if len(c) < 4 {
		return
	}
	switch kind := string(c[:4]); kind {
	case "INFO":
		for id, body := range chunksOf(c[4:]) {
			if value := text(body); value != "" {
				h.Texts = append(h.Texts, Text{id, value})
			}
		}
	case "adtl":
		h.labels = append(h.labels, c[4:])
	}
}

// cues reads a chunk cue: its places, which count samples of the chunk data.
func (h *Header) cues(c []byte) {
	const size = 24
	if len(c) < 4 {
		return
	}
	for c = c[4:]; len(c) >= size && len(h.Cues) < maxCues; c = c[size:] {
		if string(c[8:12]) == "data" {
			h.Cues = append(h.Cues, Cue{ID: binary.LittleEndian.Uint32(c), Sample: int64(binary.LittleEndian.Uint32(c[20:]))})
		}
	}
}

// name gives the cues what the lists adtl say of them, which may stand before them.
func (h *Header) name() {
	places := map[uint32]*Cue{}
	for i := range h.Cues {
		places[h.Cues[i].ID] = &h.Cues[i]
	}
	for _, list := range h.labels {
		for kind, body := range chunksOf(list) {
			if len(body) < 4 {
				continue
			}
			cue := places[binary.LittleEndian.Uint32(body)]
			switch {
			case cue == nil:
			case kind == "labl":
				cue.Label = text(body[4:])
			case kind == "note":
				cue.Note = text(body[4:])
			}
		}
	}
	h.labels = nil
}
