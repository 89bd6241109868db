package gdp

import (
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"github.com/eiengine/eiengine/frames"
)

// HeaderSize is the number of bytes of the head of a packet.
const HeaderSize = 62

// Type says what a packet is.
type Type uint16

// The types of packets. Events have the number of GStreamer's event type added to
// 64, in which the lower byte says how it travels.
const (
	None        Type = 0
	Buffer      Type = 1
	Caps        Type = 2
	StreamStart Type = 64 + 40<<8 | 14
	SegmentType Type = 64 + 70<<8 | 14
	EOS         Type = 64 + 110<<8 | 14
)

// IsEvent reports whether a packet is an event, of whatever kind.
func (t Type) IsEvent() bool { return t >= 64 }

// NoOffset is an offset that is not known.
const NoOffset = ^uint64(0)

// Packet is the head of a packet.
type Packet struct {
	Type Type
	// Size is the number of bytes of payload that follow.
	Size uint32
	// PTS, DTS and Duration are of a buffer, frames.NoTime if unknown.
	PTS, DTS, Duration time.Duration
	// Offset and OffsetEnd count what the stream consists of, such as pictures or
	// samples; NoOffset if unknown.
	Offset, OffsetEnd uint64
	Flags             frames.Flags
	// SumOf says which checksums there are; Sum is that of the payload.
	SumOf Sums
	Sum   uint16
}

// Sums are kinds of checksums.
type Sums uint8

// The kinds of checksums.
const (
	SumHeader  Sums = 1
	SumPayload Sums = 2
)

// flags are GStreamer's numbers for those that frames have.
var flags = [...]struct {
	bit  uint16
	flag frames.Flags
}{
	{0x40, frames.Discont}, {0x100, frames.Corrupted}, {0x400, frames.Header},
	{0x800, frames.Gap}, {0x1000, frames.Droppable}, {0x2000, frames.DeltaUnit},
}

// AppendHeader appends the head of a packet with its checksum, if p.SumOf asks for
// it; that of the payload is p.Sum.
func AppendHeader(dst []byte, p *Packet) []byte {
	at := len(dst)
	var bits uint16
	for _, f := range flags {
		if p.Flags&f.flag != 0 {
			bits |= f.bit
		}
	}
	be := binary.BigEndian
	dst = append(dst, 1, 0, byte(p.SumOf), 0)
	dst = be.AppendUint16(dst, uint16(p.Type))
	dst = be.AppendUint32(dst, p.Size)
	dst = be.AppendUint64(dst, uint64(p.PTS))
	dst = be.AppendUint64(dst, uint64(p.Duration))
	dst = be.AppendUint64(dst, p.Offset)
	dst = be.AppendUint64(dst, p.OffsetEnd)
	dst = be.AppendUint16(dst, bits)
	dst = be.AppendUint64(dst, uint64(p.DTS))
	dst = append(dst, 0, 0, 0, 0, 0, 0)
	var sum uint16
	if p.SumOf&SumHeader != 0 {
		sum = Sum(dst[at:])
	}
	dst = be.AppendUint16(dst, sum)
	return be.AppendUint16(dst, p.Sum)
}

// AppendText appends a packet of text: caps, or an event, whose text may be empty.
func AppendText(dst []byte, t Type, text string, sums Sums) []byte {
	p := Packet{Type: t, SumOf: sums}
	if t.IsEvent() {
		p.PTS = frames.NoTime
	}
	var payload []byte
	if text != "" {
		payload = append([]byte(text), 0)
	}
	p.Size = uint32(len(payload))
	if sums&SumPayload != 0 && text != "" {
		p.Sum = Sum(payload)
	}
	return append(AppendHeader(dst, &p), payload...)
}

// Errors of ParseHeader.
var (
	ErrNotGDP  = errors.New("no packet of the GStreamer Data Protocol")
	ErrDamaged = errors.New("the checksum of the head is wrong")
)

// ParseHeader reads the first HeaderSize bytes of head into p. The error is ErrNotGDP,
// with what was found, or ErrDamaged.
func ParseHeader(head []byte, p *Packet) error {
	if len(head) < HeaderSize {
		return fmt.Errorf("%w: %d bytes, a head has %d", ErrNotGDP, len(head), HeaderSize)
	}
	head = head[:HeaderSize]
	be := binary.BigEndian
	if head[0] != 1 || head[1] != 0 {
		return fmt.Errorf("%w: version %d.%d, want 1.0", ErrNotGDP, head[0], head[1])
	}
	*p = Packet{
		Type: Type(be.Uint16(head[4:])), Size: be.Uint32(head[6:]),
		PTS: clock(be.Uint64(head[10:])), Duration: clock(be.Uint64(head[18:])), DTS: clock(be.Uint64(head[44:])),
		Offset: be.Uint64(head[26:]), OffsetEnd: be.Uint64(head[34:]),
		SumOf: Sums(head[2]) & (SumHeader | SumPayload), Sum: be.Uint16(head[60:]),
	}
	if p.Type > Caps && !p.Type.IsEvent() {
		return fmt.Errorf("%w: type %d, want 0 to 2 or from 64 on", ErrNotGDP, p.Type)
	}
	bits := be.Uint16(head[42:])
	for _, f := range flags {
		if bits&f.bit != 0 {
			p.Flags |= f.flag
		}
	}
	if p.SumOf&SumHeader != 0 && Sum(head[:58]) != be.Uint16(head[58:]) {
		return ErrDamaged
	}
	return nil
}

// longest bounds times, so that sums of them cannot overflow: 73 years.
const longest = uint64(1) << 61

// clock is a time of the protocol; what is too long to be one is none.
func clock(n uint64) time.Duration {
	if n > longest {
		return frames.NoTime
	}
	return time.Duration(n)
}
