package flow

import (
	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
)

// bufferFlags is a set of the flags of frames, with GStreamer's numbers.
type bufferFlags uint

// FlagValues implements eiengine.Flags. Those that frames of this engine never
// carry are taken all the same.
func (bufferFlags) FlagValues() []eiengine.EnumValue {
	return []eiengine.EnumValue{
		{Value: 0x10, Nick: "live", Name: "GST_BUFFER_FLAG_LIVE"},
		{Value: 0x20, Nick: "decode-only", Name: "GST_BUFFER_FLAG_DECODE_ONLY"},
		{Value: 0x40, Nick: "discont", Name: "GST_BUFFER_FLAG_DISCONT"},
		{Value: 0x80, Nick: "resync", Name: "GST_BUFFER_FLAG_RESYNC"},
		{Value: 0x100, Nick: "corrupted", Name: "GST_BUFFER_FLAG_CORRUPTED"},
		{Value: 0x200, Nick: "marker", Name: "GST_BUFFER_FLAG_MARKER"},
		{Value: 0x400, Nick: "header", Name: "GST_BUFFER_FLAG_HEADER"},
		{Value: 0x800, Nick: "gap", Name: "GST_BUFFER_FLAG_GAP"},
		{Value: 0x1000, Nick: "droppable", Name: "GST_BUFFER_FLAG_DROPPABLE"},
		{Value: 0x2000, Nick: "delta-unit", Name: "GST_BUFFER_FLAG_DELTA_UNIT"},
		{Value: 0x4000, Nick: "tag-memory", Name: "GST_BUFFER_FLAG_TAG_MEMORY"},
		{Value: 0x8000, Nick: "sync-after", Name: "GST_BUFFER_FLAG_SYNC_AFTER"},
		{Value: 0x10000, Nick: "non-droppable", Name: "GST_BUFFER_FLAG_NON_DROPPABLE"},
		{Value: 0x100000, Nick: "last", Name: "GST_BUFFER_FLAG_LAST"},
	}
}

// has reports whether the frame carries one of the flags.
func (b bufferFlags) has(flags frames.Flags) bool {
	for _, g := range gstFlags {
		if flags&g.flag != 0 && uint32(b)&g.bit != 0 {
			return true
		}
	}
	return false
}
