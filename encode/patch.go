package encode

import (
	"errors"
	"fmt"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
)

// patchEvent is the name of the event that tells a sink to write over bytes of
// the stream that it has written already: what a muxer learns at the end only,
// such as lengths in headers. Sinks that cannot go back pass it over, and the
// stream must be of use without it.
const patchEvent = "patch"

// patch is the value of such an event.
type patch struct {
	// format is of the stream that is meant: behind a demuxer it is another one.
	format *frames.Format
	offset int64 // from the start of the stream
	data   []byte
}

// HandleEvent implements eiengine.EventHandler.
func (s *filesink) HandleEvent(c *eiengine.Ctx, e eiengine.Event) (bool, error) {
	custom, ok := e.(eiengine.CustomEvent)
	if !ok || custom.Name != patchEvent {
		return false, nil
	}
	p, ok := custom.Value.(patch)
	if !ok || !p.format.Equal(c.InFormat(0)) {
		return false, nil
	}
	if s.Load().Append {
		return true, errors.New("the header keeps an unknown length, since append=true allows no going back; use a file of its own")
	}
	if err := s.out.Flush(); err != nil {
		return true, s.failed(err)
	}
	if _, err := s.file.WriteAt(p.data, p.offset); err != nil {
		return true, fmt.Errorf("the header keeps an unknown length: %w", explain(s.file.Name(), err))
	}
	return true, nil
}
