package frames

// Contiguous gives the bytes as the format lays them out by default, for files and
// sockets, whose readers know nothing of strides. They are the frame's own where they lie
// so, and valid as long as it; otherwise, as with some cameras, a copy in *buf, which grows as
// needed and is the caller's to keep for the next frame.
func (f *Frame) Contiguous(buf *[]byte) []byte {
	data := f.Bytes()
	if f.batch != nil || f.Format == nil || !f.Format.IsVideo() {
		return data
	}
	want := f.Format.layout
	if f.layout.Offset == want.Offset && f.layout.Stride == want.Stride && len(data) >= want.Size {
		return data[:want.Size]
	}
	if cap(*buf) < want.Size {
		*buf = make([]byte, want.Size)
	}
	copied := (*buf)[:want.Size]
	clear(copied) // what lies between rows
	from, to := f.Picture(), f.Format.Video.Picture(copied, want)
	for p := range from.Format.Planes() {
		_, rows := from.Format.PlaneSize(p, from.Width, from.Height)
		for y := range rows {
			copy(to.Row(p, y), from.Row(p, y))
		}
	}
	return copied
}
