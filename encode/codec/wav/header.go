package wav

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"github.com/eiengine/eiengine/frames"
)

// Header is what stands before the samples.
type Header struct {
	Info frames.AudioInfo
	// Data is the number of bytes of samples, -1 if they last until the end of
	// the input.
	Data int64
	// Texts and Cues are what stands about the samples before them.
	Texts []Text
	Cues  []Cue

	labels [][]byte // lists adtl
}

// MaxHeader is the largest header that is accepted, in bytes: everything before
// the samples, pictures and comments included.
const MaxHeader = 1 << 24

var errNoData = errors.New("wav: no data")

// Format tags (mmreg.h).
const (
	tagPCM        = 1
	tagFloat      = 3
	tagExtensible = 0xFFFE
)

// unknownSize is where size fields stop being believed: writers that do not know
// the length put all ones there, or a number a little below 2 GiB.
const unknownSize = 0x7FFFF000

// ParseHeader looks for the whole header at the start of data. ok says that it is
// there and n where the samples begin; without ok or err more data are needed.
// Errors: not a WAV, damaged, or of an encoding other than linear samples, which is
// named.
func ParseHeader(data []byte) (h Header, n int, ok bool, err error) {
	le := binary.LittleEndian
	if err := checkMagic(data); err != nil {
		return h, 0, false, err
	}
	if len(data) < 12 {
		return h, 0, false, nil
	}
	riff := le.Uint32(data[4:])
	var long int64 = -1 // the size that ds64 gives
	var haveFormat bool
	for n = 12; len(data)-n >= 8; {
		kind, size := string(data[n:n+4]), le.Uint32(data[n+4:])
		body := n + 8
		if kind == "data" {
			if !haveFormat {
				return h, 0, false, errors.New("wav: damaged: samples before their format (chunk fmt)")
			}
			h.Data = dataSize(riff, size, long)
			h.name()
			return h, body, true, nil
		}
		end := int64(body) + int64(size) + int64(size&1)
		if end > MaxHeader {
			return h, 0, false, fmt.Errorf("wav: chunk %q of %d bytes exceeds the limit of %d bytes for the header", kind, size, MaxHeader)
		}
		if end > int64(len(data)) {
			return h, 0, false, nil
		}
		chunk := data[body : body+int(size)]
		switch kind {
		case "fmt ":
			if h.Info, err = parseFormat(chunk); err != nil {
				return h, 0, false, err
			}
			haveFormat = true
		case "LIST":
			h.list(chunk)
		case "cue ":
			h.cues(chunk)
		case "ds64":
			if len(chunk) >= 16 && le.Uint64(chunk[8:]) <= math.MaxInt64 {
				long = int64(le.Uint64(chunk[8:]))
			}
		}
		n = int(end)
	}
	return h, 0, false, nil
}

func checkMagic(data []byte) error {
	head := string(data[:min(4, len(data))])
	switch {
	case head == "RIFX":
		return errors.New("wav: big-endian WAV (RIFX) is not supported: convert to RIFF")
	case head != "RIFF"[:len(head)] && head != "RF64"[:len(head)]:
		return fmt.Errorf("wav: not a WAV: data start with %q", head)
	case len(data) >= 12 && string(data[8:12]) != "WAVE":
		return fmt.Errorf("wav: not a WAV but a RIFF file of type %q", data[8:12])
	}
	return nil
}

// dataSize interprets the size fields.
func dataSize(riff, size uint32, long int64) int64 {
	if size == math.MaxUint32 && long >= 0 {
		return long
	}
	if size >= unknownSize {
		return -1
	}
	// No samples in a file that knows its own length are really none.
	if size == 0 && (riff == 0 || riff >= unknownSize) {
		return -1
	}
	return int64(size)
}

// parseFormat reads the chunk fmt.
func parseFormat(c []byte) (frames.AudioInfo, error) {
	le := binary.LittleEndian
	if len(c) < 16 {
		return frames.AudioInfo{}, fmt.Errorf("wav: damaged: chunk fmt has %d bytes, want 16", len(c))
	}
	tag, channels, rate := le.Uint16(c), int(le.Uint16(c[2:])), le.Uint32(c[4:])
	align, bits := int(le.Uint16(c[12:])), int(le.Uint16(c[14:]))
	if tag == tagExtensible {
		if len(c) < 40 {
			return frames.AudioInfo{}, fmt.Errorf("wav: damaged: extensible chunk fmt has %d bytes, want 40", len(c))
		}
		tag = le.Uint16(c[24:]) // the GUID begins with the tag
	}
	if channels == 0 || rate == 0 || rate > math.MaxInt32 {
		return frames.AudioInfo{}, fmt.Errorf("wav: damaged: %d channels at %d Hz", channels, rate)
	}
	// The container of a sample: 12 bits lie at the top of two bytes.
	bytes := align / channels
	if align%channels != 0 || bits > 8*bytes || bits < 1 {
		return frames.AudioInfo{}, fmt.Errorf("wav: damaged: %d bits and %d channels in %d bytes", bits, channels, align)
	}
	f, err := sampleFormat(tag, bytes)
	return frames.AudioInfo{Format: f, Rate: int(rate), Channels: channels}, err
}

func sampleFormat(tag uint16, bytes int) (frames.SampleFormat, error) {
	switch {
	case tag == tagPCM && bytes >= 1 && bytes <= 4:
		return [...]frames.SampleFormat{frames.U8, frames.S16LE, frames.S24LE, frames.S32LE}[bytes-1], nil
	case tag == tagFloat && bytes == 4:
		return frames.F32LE, nil
	case tag == tagFloat && bytes == 8:
		return frames.F64LE, nil
	}
	name := map[uint16]string{tagPCM: "PCM", 2: "ADPCM", tagFloat: "float", 6: "A-law", 7: "mu-law", 0x11: "IMA ADPCM", 0x55: "MP3"}[tag]
	if name == "" {
		name = "unknown encoding"
	}
	return 0, fmt.Errorf("wav: %s (0x%04x) with %d bytes a sample is not supported: convert to 16-bit PCM", name, tag, bytes)
}

// AppendHeader appends the header of a WAV with data bytes of samples, or of
// unknown length if data is negative or too large for the format (4 GiB). Channels
// beyond two get WAVE_FORMAT_EXTENSIBLE without assigned speakers. Errors: values
// that the format cannot hold.
func AppendHeader(dst []byte, info frames.AudioInfo, data int64) ([]byte, error) {
	bytes := info.Format.Bytes()
	if info.Format == frames.SampleUnknown || info.Rate < 1 || info.Rate > math.MaxInt32 ||
		info.Channels < 1 || info.Channels*bytes > math.MaxUint16 {
		return dst, fmt.Errorf("wav: cannot write %v, %d channels at %d Hz", info.Format, info.Channels, info.Rate)
	}
	tag := uint16(tagPCM)
	if info.Format == frames.F32LE || info.Format == frames.F64LE {
		tag = tagFloat
	}
	le := binary.LittleEndian
	format := le.AppendUint16(nil, tag)
	format = le.AppendUint16(format, uint16(info.Channels))
	format = le.AppendUint32(format, uint32(info.Rate))
	format = le.AppendUint32(format, uint32(min(int64(info.Rate)*int64(info.FrameBytes()), math.MaxUint32)))
	format = le.AppendUint16(format, uint16(info.FrameBytes()))
	format = le.AppendUint16(format, uint16(8*bytes))
	if info.Channels > 2 {
		le.PutUint16(format, tagExtensible)
		format = le.AppendUint16(format, 22)
		format = le.AppendUint16(format, uint16(8*bytes))
		format = le.AppendUint32(format, 0) // no speakers assigned
		format = le.AppendUint16(format, tag)
		format = append(format, "\x00\x00\x00\x00\x10\x00\x80\x00\x00\xaa\x00\x38\x9b\x71"...)
	}
	riff, size := sizes(int64(len(format)), data)
	dst = le.AppendUint32(append(dst, "RIFF"...), riff)
	dst = le.AppendUint32(append(dst, "WAVEfmt "...), uint32(len(format)))
	dst = append(dst, format...)
	return le.AppendUint32(append(dst, "data"...), size), nil
}

// sizes are the fields for the file and for the samples.
func sizes(format, data int64) (riff, size uint32) {
	total := 4 + 8 + format + 8 + data + data&1
	if data < 0 || data >= unknownSize || total > math.MaxUint32 {
		return math.MaxUint32, math.MaxUint32
	}
	return uint32(total), uint32(data)
}
