package capture

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/eiengine/eiengine/encode/mux/gdp"
	"github.com/eiengine/eiengine/frames"
)

// typeFindEnough is how many bytes findType wants to see before it gives up.
const typeFindEnough = 1024

// likely is how sure a magic of two bytes is, in per cent; longer ones are 100.
const likely = 50

// findType tells the media type of a stream by its first bytes and how sure that
// is in per cent, "" if they are like nothing that it knows. The names are
// GStreamer's.
func findType(head []byte) (media string, sure int) {
	for i := range magics {
		m := &magics[i]
		if !m.fits(head) {
			continue
		}
		switch {
		case m.media == "video/quicktime" && m.bytes == "ftyp":
			return brand(head), 100
		case m.media == "video/x-matroska" && bytes.Contains(head[:min(len(head), 64)], []byte("webm")):
			return "video/webm", 100
		case len(m.bytes)+len(m.more) <= 2:
			return m.media, likely
		}
		return m.media, 100
	}
	switch {
	case isTransportStream(head):
		return "video/mpegts", 100
	case isGDP(head):
		return gdpMedia, 100
	}
	return "", 0
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
	{bytes: "\x00\x00\x00\x0cjP  \r\n", media: "image/x-jpc"},
	{bytes: "\xff\x4f\xff\x51", media: "image/x-jpc"},
	{at: 4, bytes: "ftyp", media: "video/quicktime"},
	{at: 4, bytes: "moov", media: "video/quicktime"},
	{bytes: "\x1a\x45\xdf\xa3", media: "video/x-matroska"},
	{bytes: "OggS", media: "application/ogg"},
	{bytes: "fLaC", media: "audio/x-flac"},
	{bytes: "ID3", media: "application/x-id3"},
	{bytes: "\xff\xfb", media: "audio/mpeg"},
	{bytes: "\xff\xfa", media: "audio/mpeg"},
	{bytes: "\xff\xf3", media: "audio/mpeg"},
	{bytes: "\xff\xf2", media: "audio/mpeg"},
	{bytes: "\xff\xf1", media: "audio/mpeg"},
	{bytes: "\xff\xf9", media: "audio/mpeg"},
	{bytes: "\x0b\x77", media: "audio/x-ac3"},
	{bytes: "#!AMR-WB", media: "audio/x-amr-wb-sh"},
	{bytes: "#!AMR", media: "audio/x-amr-nb-sh"},
	{bytes: "MThd", media: "audio/midi"},
	{bytes: "FLV\x01", media: "video/x-flv"},
	{bytes: "\x30\x26\xb2\x75\x8e\x66\xcf\x11", media: "video/x-ms-asf"},
	{bytes: "FORM", at2: 8, more: "AIFF", media: "audio/x-aiff"},
	{bytes: ".snd", media: "audio/x-au"},
	{bytes: "DKIF", media: "video/x-ivf"},
	{bytes: "YUV4MPEG2 ", media: "application/x-yuv4mpeg"},
	{bytes: "#EXTM3U", media: "application/x-hls"},
	{bytes: "v=0\r\n", media: "application/sdp"},
	{bytes: "\x00\x00\x01\xba", media: "video/mpeg"},
	{bytes: "\x00\x00\x01\xb3", media: "video/mpeg"},
	{bytes: "\x00\x00\x01\xb0", media: "video/mpeg"},
	{bytes: "\x00\x00\x00\x01\x67", media: "video/x-h264"},
	{bytes: "\x00\x00\x00\x01\x27", media: "video/x-h264"},
	{bytes: "\x00\x00\x00\x01\x09", media: "video/x-h264"},
	{bytes: "\x00\x00\x01\x67", media: "video/x-h264"},
	{bytes: "\x00\x00\x01\x27", media: "video/x-h264"},
	{bytes: "\x00\x00\x01\x09", media: "video/x-h264"},
	{bytes: "\x00\x00\x00\x01\x40\x01", media: "video/x-h265"},
	{bytes: "\x00\x00\x00\x01\x46\x01", media: "video/x-h265"},
	{bytes: "\x00\x00\x01\x40\x01", media: "video/x-h265"},
	{bytes: "\x00\x00\x01\x46\x01", media: "video/x-h265"},
	{bytes: "\x12\x00\x0a", media: "video/x-av1"},
}

// brand is what an ISO file says that it is.
func brand(head []byte) string {
	switch {
	case has(head, 8, "avif"):
		return "image/avif"
	case has(head, 8, "heic"), has(head, 8, "heix"), has(head, 8, "mif1"):
		return "image/heif"
	case has(head, 8, "M4A "):
		return "audio/x-m4a"
	case has(head, 8, "3gp"):
		return "application/x-3gp"
	}
	return "video/quicktime"
}

// isTransportStream looks for the sync byte of three packets, which may have a
// time of four bytes before them.
func isTransportStream(head []byte) bool {
	at := func(first, packet int) bool {
		for i := range 3 {
			if p := first + i*packet; p >= len(head) || head[p] != 0x47 {
				return false
			}
		}
		return true
	}
	return at(0, 188) || at(4, 192)
}

// isGDP looks for the head of a packet, by its checksum or, without one, by bytes that
// are always zero.
func isGDP(head []byte) bool {
	var p gdp.Packet
	if gdp.ParseHeader(head, &p) != nil {
		return false
	}
	return p.SumOf&gdp.SumHeader != 0 || head[3] == 0 && len(bytes.Trim(head[52:58], "\x00")) == 0
}

// codecNames are how containers name what they hold.
var codecNames = []struct{ name, media string }{
	{"avc1", "video/x-h264"}, {"V_MPEG4/ISO/AVC", "video/x-h264"}, {"H264", "video/x-h264"},
	{"hvc1", "video/x-h265"}, {"hev1", "video/x-h265"}, {"V_MPEGH/ISO/HEVC", "video/x-h265"},
	{"av01", "video/x-av1"}, {"V_AV1", "video/x-av1"}, {"AV01", "video/x-av1"},
	{"vp09", "video/x-vp9"}, {"V_VP9", "video/x-vp9"}, {"VP90", "video/x-vp9"},
	{"V_VP8", "video/x-vp8"}, {"VP80", "video/x-vp8"}, {"\x80theora", "video/x-theora"},
	{"mp4a", "audio/mpeg"}, {"A_AAC", "audio/mpeg"}, {"A_MPEG", "audio/mpeg"},
	{"A_OPUS", "audio/x-opus"}, {"OpusHead", "audio/x-opus"}, {"A_VORBIS", "audio/x-vorbis"}, {"\x01vorbis", "audio/x-vorbis"},
	{"\x7fFLAC", "audio/x-flac"}, {"A_FLAC", "audio/x-flac"},
}

// holds lists what a container says in its beginning that it holds.
func holds(media string, head []byte) []string {
	switch media {
	case "video/quicktime", "video/x-matroska", "video/webm", "application/ogg", "video/x-msvideo", "video/x-ivf", "audio/x-m4a", "application/x-3gp":
	default:
		return nil
	}
	var found []string
	for _, c := range codecNames {
		if bytes.Contains(head, []byte(c.name)) && !slices.Contains(found, c.media) {
			found = append(found, c.media)
		}
	}
	return found
}

// behindID3 is the type of what an ID3 tag stands before: MP3, unless the bytes
// say otherwise.
func behindID3(head []byte) string {
	if len(head) >= 10 {
		size := 10 + (int(head[6]&0x7f)<<21 | int(head[7]&0x7f)<<14 | int(head[8]&0x7f)<<7 | int(head[9]&0x7f))
		if size < len(head) {
			if media, _ := findType(head[size:]); media != "" && media != "application/x-id3" {
				return media
			}
		}
	}
	return "audio/mpeg"
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
	if media, _ := findType(head); media != "" {
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
