package capture

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/eiengine/eiengine/frames"
)

// typeFindEnough is how many bytes findType wants to see before it gives up.
const typeFindEnough = 1024

// findType tells the media type of a stream by its first bytes, "" if they are
// like nothing that it knows. The names are GStreamer's.
func findType(head []byte) string {
	for _, m := range magics {
		if m.fits(head) {
			return m.media
		}
	}
	if isTransportStream(head) {
		return "video/mpegts"
	}
	return ""
}

// magic is a run of bytes at a place, and a second one further on if there is.
type magic struct {
	at    int
	bytes string
	at2   int
	more  string
	media string
}

func (m *magic) fits(head []byte) bool {
	return has(head, m.at, m.bytes) && (m.more == "" || has(head, m.at2, m.more))
}

func has(head []byte, at int, want string) bool {
	return len(head) >= at+len(want) && string(head[at:at+len(want)]) == want
}

var magics = []magic{
	{bytes: "\x89PNG\r\n\x1a\n", media: "image/png"},
	{bytes: "\xff\xd8\xff", media: "image/jpeg"},
	{bytes: "RIFF", at2: 8, more: "WAVE", media: "audio/x-wav"},
	{bytes: "RF64", at2: 8, more: "WAVE", media: "audio/x-rf64"},
	{bytes: "RIFF", at2: 8, more: "AVI ", media: "video/x-msvideo"},
	{bytes: "RIFF", at2: 8, more: "WEBP", media: "image/webp"},
	{bytes: "GIF8", media: "image/gif"},
	{bytes: "BM", at2: 6, more: "\x00\x00\x00\x00", media: "image/bmp"},
	{bytes: "II*\x00", media: "image/tiff"},
	{bytes: "MM\x00*", media: "image/tiff"},
	{at: 4, bytes: "ftyp", media: "video/quicktime"},
	{at: 4, bytes: "moov", media: "video/quicktime"},
	{bytes: "\x1a\x45\xdf\xa3", media: "video/x-matroska"},
	{bytes: "OggS", media: "application/ogg"},
	{bytes: "fLaC", media: "audio/x-flac"},
	{bytes: "ID3", media: "application/x-id3"},
	{bytes: "\xff\xfb", media: "audio/mpeg"},
	{bytes: "\xff\xf3", media: "audio/mpeg"},
	{bytes: "\xff\xf1", media: "audio/mpeg"},
	{bytes: "FLV\x01", media: "video/x-flv"},
	{bytes: "FORM", at2: 8, more: "AIFF", media: "audio/x-aiff"},
	{bytes: ".snd", media: "audio/x-au"},
	{bytes: "DKIF", media: "video/x-ivf"},
	{bytes: "\x00\x00\x01\xba", media: "video/mpeg"},
	{bytes: "\x00\x00\x01\xb3", media: "video/mpeg"},
	{bytes: "\x00\x00\x00\x01\x67", media: "video/x-h264"},
	{bytes: "\x00\x00\x00\x01\x09", media: "video/x-h264"},
	{bytes: "\x00\x00\x01\x67", media: "video/x-h264"},
	{bytes: "\x00\x00\x00\x01\x40\x01", media: "video/x-h265"},
	{bytes: "\x00\x00\x00\x01\x46\x01", media: "video/x-h265"},
}

// isTransportStream looks for the sync byte of three packets.
func isTransportStream(head []byte) bool {
	const packet = 188
	return len(head) > 2*packet && head[0] == 0x47 && head[packet] == 0x47 && head[2*packet] == 0x47
}

// likenesses are for people: what else somebody may have given by mistake.
var likenesses = []struct{ bytes, what string }{
	{"\x7fELF", "an ELF program"},
	{"PK\x03\x04", "a ZIP archive"},
	{"\x1f\x8b", "gzip data"},
	{"%PDF", "a PDF document"},
	{"#!", "a script"},
	{"<?xml", "an XML document"},
}

// describeHead names the first bytes of a stream, for errors.
func describeHead(head []byte) string {
	if len(head) == 0 {
		return "there are no bytes"
	}
	text := fmt.Sprintf("the first bytes are % x", head[:min(8, len(head))])
	if what := likeness(head); what != "" {
		return text + ", which look like " + what
	}
	return text
}

func likeness(head []byte) string {
	if media := findType(head); media != "" {
		return media
	}
	for _, l := range likenesses {
		if strings.HasPrefix(string(head), l.bytes) {
			return l.what
		}
	}
	start := head[:min(256, len(head))]
	if len(bytes.Trim(start, "\x00")) == 0 {
		return "zeros"
	}
	for i := 1; i <= 3 && !utf8.Valid(start); i++ { // a character may be cut
		start = start[:max(0, len(start)-1)]
	}
	if utf8.Valid(start) && bytes.IndexFunc(start, func(r rune) bool { return r < ' ' && r != '\n' && r != '\r' && r != '\t' }) < 0 {
		return "text"
	}
	return ""
}

// byteStream is caps of bytes of several types.
func byteStream(media ...string) frames.Caps {
	var s []frames.Structure
	for _, m := range media {
		s = append(s, frames.Structure{Media: m})
	}
	return frames.NewCaps(s...)
}
