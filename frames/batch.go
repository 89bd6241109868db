package frames

// Batch is the metadata of a frame that stands for several frames, which it
// owns. The runtime hands it on like any other frame: an element that wants the
// children looks for this metadata.
type Batch struct {
	// Frames are the children. They belong to the batch: read them, Share them,
	// do not release them.
	Frames []*Frame
}

// MetaName implements Meta.
func (*Batch) MetaName() string { return "batch" }

// NewBatch makes one frame of several and takes them over. They are released
// with the last reference on the batch.
func NewBatch(format *Format, children []*Frame) *Frame {
	f := NewFrame(format, WrapMemory(nil, func() {
		for _, c := range children {
			c.Release()
		}
	}))
	f.Attach(&Batch{children})
	return f
}
