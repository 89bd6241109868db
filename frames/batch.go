package frames

// A batch is one frame that stands for several and owns them, its children: one
// picture of each camera, say, so that a model answers for all of them in one run.
// It travels, waits in queues and is shared like any other frame. It has no bytes
// of its own and all of its children have its format; times and metadata are its
// own, to begin with the times of the first child. Children are ordinary frames.
//
// Elements that are not made for batches do not meet them: the runtime hands them
// the children one by one and makes a batch of what comes out.

// batch is what headers of the same batch share.
type batch struct{ children []*Frame }

func (b *batch) release() {
	for _, c := range b.children {
		c.Release()
	}
}

// NewBatch makes one frame of several and takes them over, with the slice. They
// are released with the last header of the batch.
func NewBatch(format *Format, children []*Frame) *Frame {
	b := &batch{children}
	f := NewFrame(format, WrapMemory(nil, b.release))
	f.batch = b
	for _, c := range children {
		f.size += c.size
	}
	if len(children) > 0 {
		first := children[0]
		f.PTS, f.Duration, f.Mono, f.Seq = first.PTS, first.Duration, first.Mono, first.Seq
	}
	return f
}

// IsBatch reports whether the frame is a batch.
func (f *Frame) IsBatch() bool { return f.batch != nil }

// Children are the frames of a batch, nil for other frames. They belong to the
// batch: read them, Share them, do not change or release them.
func (f *Frame) Children() []*Frame {
	f.alive()
	if f.batch == nil {
		return nil
	}
	return f.batch.children
}

// TakeChildren takes the frames out of a batch: the slice and they are the
// caller's then, and f, still the caller's too, is an empty batch with its times
// and metadata. They are the frames themselves if nobody else holds the batch, so
// that they can be written without being copied, and Shares of them otherwise.
func (f *Frame) TakeChildren() []*Frame {
	children := f.Children()
	if children == nil {
		return nil
	}
	f.size = 0
	if f.mem.Exclusive() {
		f.batch.children = nil
		return children
	}
	own := make([]*Frame, len(children))
	for i, c := range children {
		own[i] = c.Share()
	}
	f.mem.Release()
	f.batch = new(batch)
	f.mem = WrapMemory(nil, nil)
	return own
}
