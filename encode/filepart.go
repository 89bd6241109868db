package encode

import (
	"os"
	"time"

	"github.com/eiengine/eiengine/frames"
)

// part is one of several files that a stream is cut into.
type part struct {
	file     *os.File // nil while none is open
	name     string
	size     uint64
	from, to time.Duration // of its frames, NoTime if they have none

	next    time.Duration // from when on a key frame may begin another, NoTime before the first frame
	asked   bool          // the next frame begins another
	begun   bool          // there was one before
	headers []byte        // what the stream began with
	scratch []byte
}

// begin opens a part; those that follow the first one begin with the headers, if
// the stream is cut rather than a row of whole files.
func (p *part) begin(file *os.File, name string, isCut bool) error {
	p.file, p.name, p.size, p.from, p.to = file, name, 0, frames.NoTime, frames.NoTime
	again := p.begun && isCut
	p.begun = true
	if !again || len(p.headers) == 0 {
		return nil
	}
	p.size = uint64(len(p.headers))
	_, err := file.Write(p.headers)
	return err
}

// ends says whether another part has to begin with these frames.
func (p *part) ends(props *multifilesinkProps, group []*frames.Frame) bool {
	first := group[0]
	switch props.NextFile {
	case nextDiscont:
		return first.Flags&frames.Discont != 0
	case nextKeyFrame:
		return p.keyFrameEnds(first, time.Duration(min(props.MinKeyframeDistance, 1<<62)))
	case nextKeyUnitEvent:
		asked := p.asked
		p.asked = false
		return asked
	case nextMaxSize:
		size := p.size
		for _, f := range group {
			size += uint64(f.Size())
		}
		return size > props.MaxFileSize
	case nextMaxDuration:
		last := group[len(group)-1]
		return p.from >= 0 && last.PTS >= p.from && uint64(last.PTS+max(last.Duration, 0)-p.from) > props.MaxFileDuration
	}
	return true
}

func (p *part) keyFrameEnds(f *frames.Frame, distance time.Duration) bool {
	if f.PTS < 0 {
		return false
	}
	if p.next < 0 {
		p.next = p.from + distance
	}
	if f.PTS < p.next || f.Flags&frames.DeltaUnit != 0 {
		return false
	}
	p.next += distance
	return true
}

func (p *part) write(group []*frames.Frame) error {
	for _, f := range group {
		b := f.Contiguous(&p.scratch)
		if f.Flags&frames.Header != 0 {
			p.headers = append(p.headers, b...)
		}
		if _, err := p.file.Write(b); err != nil {
			return err
		}
		p.size += uint64(len(b))
		if p.from < 0 {
			p.from = f.PTS
		}
		if f.PTS >= 0 && f.Duration >= 0 {
			p.to = f.PTS + f.Duration
		}
	}
	return nil
}

// duration is how long the part lasts, NoTime if that is not known.
func (p *part) duration() time.Duration {
	if p.from < 0 || p.to < p.from {
		return frames.NoTime
	}
	return p.to - p.from
}
