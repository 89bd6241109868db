package capture

import "github.com/eiengine/eiengine"

// v4l2IO is how pictures come from the driver.
type v4l2IO int

const (
	v4l2Auto v4l2IO = iota
	v4l2ReadWrite
	v4l2Mmap
	v4l2UserPtr
	v4l2DMABuf
	v4l2Import
)

// EnumValues implements eiengine.Enum.
func (v4l2IO) EnumValues() []eiengine.EnumValue {
	return []eiengine.EnumValue{
		{Value: int(v4l2Auto), Nick: "auto", Name: "GST_V4L2_IO_AUTO"}, {Value: int(v4l2ReadWrite), Nick: "rw", Name: "GST_V4L2_IO_RW"},
		{Value: int(v4l2Mmap), Nick: "mmap", Name: "GST_V4L2_IO_MMAP"}, {Value: int(v4l2UserPtr), Nick: "userptr", Name: "GST_V4L2_IO_USERPTR"},
		{Value: int(v4l2DMABuf), Nick: "dmabuf", Name: "GST_V4L2_IO_DMABUF"}, {Value: int(v4l2Import), Nick: "dmabuf-import", Name: "GST_V4L2_IO_DMABUF_IMPORT"},
	}
}

func (m v4l2IO) nick() string { return m.EnumValues()[m].Nick }

// v4l2Norm is a standard of analogue video, as the kernel's bits.
type v4l2Norm int

// EnumValues implements eiengine.Enum.
func (v4l2Norm) EnumValues() []eiengine.EnumValue {
	return []eiengine.EnumValue{
		{Value: 0, Nick: "none"}, {Value: 0xb000, Nick: "NTSC"}, {Value: 0x1000, Nick: "NTSC-M"}, {Value: 0x2000, Nick: "NTSC-M-JP"},
		{Value: 0x8000, Nick: "NTSC-M-KR"}, {Value: 0x4000, Nick: "NTSC-443"}, {Value: 0xff, Nick: "PAL"}, {Value: 0x7, Nick: "PAL-BG"},
		{Value: 0x1, Nick: "PAL-B"}, {Value: 0x2, Nick: "PAL-B1"}, {Value: 0x4, Nick: "PAL-G"}, {Value: 0x8, Nick: "PAL-H"},
		{Value: 0x10, Nick: "PAL-I"}, {Value: 0xe0, Nick: "PAL-DK"}, {Value: 0x20, Nick: "PAL-D"}, {Value: 0x40, Nick: "PAL-D1"},
		{Value: 0x80, Nick: "PAL-K"}, {Value: 0x100, Nick: "PAL-M"}, {Value: 0x200, Nick: "PAL-N"}, {Value: 0x400, Nick: "PAL-Nc"},
		{Value: 0x800, Nick: "PAL-60"}, {Value: 0xff0000, Nick: "SECAM"}, {Value: 0x10000, Nick: "SECAM-B"}, {Value: 0x40000, Nick: "SECAM-G"},
		{Value: 0x80000, Nick: "SECAM-H"}, {Value: 0x320000, Nick: "SECAM-DK"}, {Value: 0x20000, Nick: "SECAM-D"}, {Value: 0x100000, Nick: "SECAM-K"},
		{Value: 0x200000, Nick: "SECAM-K1"}, {Value: 0x400000, Nick: "SECAM-L"}, {Value: 0x800000, Nick: "SECAM-Lc"},
	}
}

// v4l2Device is what a node is for.
type v4l2Device uint

// FlagValues implements eiengine.Flags.
func (v4l2Device) FlagValues() []eiengine.EnumValue {
	return []eiengine.EnumValue{
		{Value: 0x1, Nick: "capture"}, {Value: 0x2, Nick: "output"}, {Value: 0x4, Nick: "overlay"}, {Value: 0x10, Nick: "vbi-capture"},
		{Value: 0x20, Nick: "vbi-output"}, {Value: 0x10000, Nick: "tuner"}, {Value: 0x20000, Nick: "audio"},
	}
}
