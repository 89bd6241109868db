package wav_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/eiengine/eiengine/encode/codec/wav"
	"github.com/eiengine/eiengine/frames"
)

func le(v any) []byte {
	b, err := binary.Append(nil, binary.LittleEndian, v)
	if err != nil {
		panic(err)
	}
	return b
}

func chunk(kind string, body []byte) []byte {
	out := append([]byte(kind), le(uint32(len(body)))...)
	out = append(out, body...)
	return append(out, make([]byte, len(body)&1)...)
}

func format(tag, channels uint16, rate uint32, bits uint16) []byte {
	align := channels * ((bits + 7) / 8)
	return bytes.Join([][]byte{le(tag), le(channels), le(rate), le(rate * uint32(align)), le(align), le(bits)}, nil)
}

// file is a RIFF file of the chunks, with the right size.
func file(chunks ...[]byte) []byte {
	body := append([]byte("WAVE"), bytes.Join(chunks, nil)...)
	return append(append([]byte("RIFF"), le(uint32(len(body)))...), body...)
}

// readAll reads in buffers of 64 bytes.
func readAll(r io.Reader) (frames.AudioInfo, []byte, error) {
	w, err := wav.NewReader(r)
	if err != nil {
		return frames.AudioInfo{}, nil, err
	}
	var out []byte
	p := make([]byte, 64)
	for {
		n, err := w.Read(p)
		out = append(out, p[:n]...)
		if errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			return w.Info(), out, nil
		}
		if err != nil {
			return w.Info(), out, err
		}
	}
}

func samples(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i * 7)
	}
	return b
}

func TestRoundTrip(t *testing.T) {
	for _, f := range frames.SampleFormats() {
		for _, channels := range []int{1, 2, 3} {
			info := frames.AudioInfo{Format: f, Rate: 16000, Channels: channels}
			want := samples(info.FrameBytes() * 101)
			var stream bytes.Buffer
			path := filepath.Join(t.TempDir(), "a.wav")
			disk, err := os.Create(path)
			if err != nil {
				t.Fatal(err)
			}
			for _, w := range []io.Writer{&stream, disk} {
				out, err := wav.NewWriter(w, info)
				if err != nil {
					t.Fatal(err)
				}
				if _, err := out.Write(want); err != nil {
					t.Fatal(err)
				}
				if err := out.Close(); err != nil {
					t.Fatal(err)
				}
			}
			if err := disk.Close(); err != nil {
				t.Fatal(err)
			}
			stored, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if h, _, ok, err := wav.ParseHeader(stored); !ok || err != nil || h.Data != int64(len(want)) {
				t.Errorf("%v: header of a file %+v %v %v", info, h, ok, err)
			}
			if n := binary.LittleEndian.Uint32(stored[4:]); int(n) != len(stored)-8 {
				t.Errorf("%v: RIFF size is %d in a file of %d bytes", info, n, len(stored))
			}
			got, data, err := readAll(bytes.NewReader(stored))
			if err != nil || got != info || !bytes.Equal(data, want) {
				t.Errorf("%v: file came back as %v, %d bytes, %v", info, got, len(data), err)
			}
			got, data, err = readAll(iotest.OneByteReader(&stream))
			if err != nil || got != info || !bytes.Equal(data[:len(want)], want) {
				t.Errorf("%v: stream came back as %v, %d bytes, %v", info, got, len(data), err)
			}
		}
	}
}

func TestFilesOfOthers(t *testing.T) {
	pcm := samples(20)
	mono := chunk("fmt ", format(1, 1, 8000, 16))
	extensible := append(format(0xFFFE, 2, 48000, 24), bytes.Join([][]byte{
		le(uint16(22)), le(uint16(24)), le(uint32(3)), le(uint16(3 - 2)), []byte("\x00\x00\x00\x00\x10\x00\x80\x00\x00\xaa\x00\x38\x9b\x71")}, nil)...)
	unknown := func(riff, data uint32) []byte {
		f := file(mono, chunk("data", pcm))
		binary.LittleEndian.PutUint32(f[4:], riff)
		binary.LittleEndian.PutUint32(f[40:], data)
		return f
	}
	rf64 := file(chunk("ds64", bytes.Join([][]byte{le(uint64(0)), le(uint64(20)), le(uint64(10)), le(uint32(0))}, nil)), mono, chunk("data", pcm), chunk("LIST", pcm))
	copy(rf64, "RF64\xff\xff\xff\xff")
	copy(rf64[bytes.Index(rf64, []byte("data"))+4:], "\xff\xff\xff\xff")
	twelve := format(1, 1, 8000, 12)
	for name, c := range map[string]struct {
		data []byte
		want frames.SampleFormat
		n    int
	}{
		"plain":               {file(mono, chunk("data", pcm)), frames.S16LE, 20},
		"odd chunks":          {file(chunk("LIST", samples(33)), mono, chunk("id3 ", samples(7)), chunk("data", pcm), chunk("LIST", samples(5))), frames.S16LE, 20},
		"long format chunk":   {file(chunk("fmt ", append(format(3, 1, 8000, 32), 0, 0)), chunk("fact", samples(4)), chunk("data", pcm)), frames.F32LE, 20},
		"extensible":          {file(chunk("fmt ", extensible), chunk("data", samples(12))), frames.S24LE, 12},
		"12 bits":             {file(chunk("fmt ", twelve), chunk("data", pcm)), frames.S16LE, 20},
		"sizes of zero":       {unknown(0, 0), frames.S16LE, 20},
		"sizes of all ones":   {unknown(0xFFFFFFFF, 0xFFFFFFFF), frames.S16LE, 20},
		"nearly 2 GiB":        {unknown(0x7FFFFFFF, 0x7FFFFFDB), frames.S16LE, 20},
		"RF64":                {rf64, frames.S16LE, 20},
		"really empty":        {file(mono, chunk("data", nil), chunk("LIST", pcm)), frames.S16LE, 0},
		"odd byte at the end": {file(mono, chunk("data", samples(21))), frames.S16LE, 20},
	} {
		info, data, err := readAll(bytes.NewReader(c.data))
		if err != nil || info.Format != c.want || len(data) != c.n {
			t.Errorf("%s: %v, %d bytes, %v, want %v and %d", name, info, len(data), err, c.want, c.n)
		}
	}
}

// What is there is read; then the loss is told.
func TestTruncated(t *testing.T) {
	whole := file(chunk("fmt ", format(1, 2, 8000, 16)), chunk("data", samples(400)))
	_, data, err := readAll(bytes.NewReader(whole[:len(whole)-103]))
	if len(data) != 296 || !errors.Is(err, io.ErrUnexpectedEOF) || !strings.Contains(err.Error(), "297 of 400") {
		t.Errorf("%d bytes, error %v, want 296 and an unexpected end", len(data), err)
	}
	stream := bytes.Clone(whole)
	copy(stream[4:], "\xff\xff\xff\xff")
	copy(stream[40:], "\xff\xff\xff\xff")
	_, data, err = readAll(bytes.NewReader(stream[:len(stream)-2]))
	if len(data) != 396 || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("stream: %d bytes, error %v, want 396 and an unexpected end", len(data), err)
	}
	broken := errors.New("cable pulled")
	_, data, err = readAll(io.MultiReader(bytes.NewReader(whole[:144]), iotest.ErrReader(broken)))
	if len(data) != 100 || !errors.Is(err, broken) {
		t.Errorf("%d bytes, error %v, want 100 and %v", len(data), err, broken)
	}
}

func TestBadHeader(t *testing.T) {
	good := file(chunk("fmt ", format(1, 1, 8000, 16)), chunk("data", samples(8)))
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"empty":        {nil, "no data"},
		"text":         {[]byte("hello, this is text"), "not a WAV"},
		"cut":          {good[:30], "cut off"},
		"no data":      {file(chunk("fmt ", format(1, 1, 8000, 16))), "cut off"},
		"AVI":          {append([]byte("RIFF\x00\x00\x00\x00AVI "), good...), `type "AVI "`},
		"big endian":   {[]byte("RIFX\x00\x00\x00\x00WAVE"), "big-endian"},
		"mu-law":       {file(chunk("fmt ", format(7, 1, 8000, 8)), chunk("data", nil)), "mu-law (0x0007)"},
		"no channels":  {file(chunk("fmt ", format(1, 0, 8000, 16)), chunk("data", nil)), "0 channels"},
		"no format":    {file(chunk("data", samples(8))), "before their format"},
		"short format": {file(chunk("fmt ", samples(10)), chunk("data", nil)), "10 bytes"},
		"huge chunk":   {file(append([]byte("JUNK"), le(uint32(1<<30))...)), "limit of 16777216"},
	} {
		_, _, err := readAll(bytes.NewReader(c.data))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want one with %q", name, err, c.want)
		}
	}
	if _, err := wav.NewWriter(io.Discard, frames.AudioInfo{Format: frames.S16LE, Rate: 8000}); err == nil {
		t.Error("a WAV without channels was written")
	}
}

func FuzzReader(f *testing.F) {
	f.Add(file(chunk("LIST", samples(3)), chunk("fmt ", format(1, 2, 8000, 24)), chunk("data", samples(60))))
	f.Add([]byte("RF64\xff\xff\xff\xffWAVE"))
	f.Fuzz(func(t *testing.T, data []byte) {
		info, out, err := readAll(bytes.NewReader(data))
		if len(out) > len(data) || len(out) > 0 && len(out)%info.FrameBytes() != 0 {
			t.Fatalf("%d bytes of samples from %d, %v, %v", len(out), len(data), info, err)
		}
	})
}
