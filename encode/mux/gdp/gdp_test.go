package gdp

import (
	"bytes"
	"encoding/hex"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/eiengine/eiengine/frames"
)

// theirs is the head of a buffer that GStreamer 1.22 wrote: the second of a video
// of 30 frames a second.
const theirs = "01000100000100000010" + "0000000001fca055" + "0000000001fca055" + "0000000000000001" + "0000000000000002" +
	"0000" + "ffffffffffffffff" + "000000000000" + "6af0" + "0000"

func bytesOf(t testing.TB, text string) []byte {
	t.Helper()
	b, err := hex.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestHeadsAreGStreamers(t *testing.T) {
	want := Packet{
		Type: Buffer, Size: 16, PTS: 33333333, DTS: frames.NoTime, Duration: 33333333,
		Offset: 1, OffsetEnd: 2, SumOf: SumHeader,
	}
	b := bytesOf(t, theirs)
	var got Packet
	if err := ParseHeader(b, &got); err != nil || got != want {
		t.Errorf("%+v, %v; want %+v", got, err, want)
	}
	if again := AppendHeader(nil, &want); !bytes.Equal(again, b) {
		t.Errorf("% x\nwant\n% x", again, b)
	}
}

func TestHeadsComeBack(t *testing.T) {
	for _, p := range []Packet{
		{Type: Buffer, Size: 1 << 30, PTS: frames.NoTime, DTS: 5, Duration: frames.NoTime, Offset: NoOffset, OffsetEnd: NoOffset, SumOf: SumHeader | SumPayload, Sum: 0xabcd},
		{Type: Buffer, PTS: time.Hour, DTS: frames.NoTime, Duration: 1, Offset: 7, OffsetEnd: 8,
			Flags: frames.Discont | frames.Corrupted | frames.Header | frames.DeltaUnit | frames.Gap | frames.Droppable},
		{Type: EOS, PTS: frames.NoTime},
	} {
		var got Packet
		if err := ParseHeader(AppendHeader(nil, &p), &got); err != nil || got != p {
			t.Errorf("%+v, %v; want %+v", got, err, p)
		}
	}
}

func TestWrongHeads(t *testing.T) {
	var p Packet
	whole := bytesOf(t, theirs)
	if err := ParseHeader(whole[:HeaderSize-1], &p); !errors.Is(err, ErrNotGDP) {
		t.Errorf("cut: %v", err)
	}
	for at := range HeaderSize - 4 {
		b := bytes.Clone(whole)
		b[at] ^= 0x10
		if err := ParseHeader(b, &p); err == nil {
			t.Errorf("a wrong byte %d went through", at)
		}
	}
}

func TestSumsOfPieces(t *testing.T) {
	b := make([]byte, 1000)
	for i := range b {
		b[i] = byte(i * 7)
	}
	slow := uint16(ones)
	for _, x := range b {
		slow ^= uint16(x) << 8
		for range 8 {
			top := slow & 0x8000
			slow <<= 1
			if top != 0 {
				slow ^= polynomial
			}
		}
	}
	slow ^= 0xffff
	for cut := range 40 {
		if got := Checksum(0).Add(b[:cut]).Add(b[cut:]).Value(); got != slow || got != Sum(b) {
			t.Fatalf("cut at %d: %#x, want %#x", cut, got, slow)
		}
	}
}

func TestSegments(t *testing.T) {
	for _, s := range []Segment{Whole, {Start: time.Second, Stop: frames.NoTime, Base: time.Minute}, {Start: 1, Stop: 2, Base: 3}} {
		if got := ParseSegment(s.String()); got != s {
			t.Errorf("%+v became %+v", s, got)
		}
	}
	for _, text := range []string{"", "GstEventSegment", strings.ReplaceAll(Whole.String(), "time,", "bytes,"),
		"format=(GstFormat)time, start=(guint64)9, stop=(guint64)1,", "format=(GstFormat)time, start=(guint64)"} {
		if got := ParseSegment(text); got != Whole {
			t.Errorf("%q is %+v", text, got)
		}
	}
}

// FuzzParse reads any bytes as a row of packets; what is read is written the same.
func FuzzParse(f *testing.F) {
	f.Add(bytesOf(f, theirs))
	f.Add(AppendText(nil, SegmentType, Whole.String(), SumHeader|SumPayload))
	f.Fuzz(func(t *testing.T, b []byte) {
		var p, again Packet
		for len(b) > 0 {
			if ParseHeader(b, &p) != nil {
				return
			}
			b = b[HeaderSize:]
			if err := ParseHeader(AppendHeader(nil, &p), &again); err != nil || again != p {
				t.Fatalf("%+v became %+v, %v", p, again, err)
			}
			n := min(len(b), int(p.Size))
			if s := ParseSegment(string(b[:n])); s.Start < 0 || s.Base < 0 {
				t.Fatalf("%+v", s)
			}
			b = b[n:]
		}
	})
}

func BenchmarkSum(b *testing.B) {
	data := make([]byte, 640*480*2)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		Sum(data)
	}
}
