package flow

import (
	"errors"
	"fmt"
	"strconv"
	"sync/atomic"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
)

func init() {
	eiengine.Register(eiengine.Factory{
		Name: "tee", LongName: "Tee pipe fitting", Class: "Generic",
		Description: "Gives each frame to every branch; the bytes are shared until a branch writes",
		Pads: []eiengine.PadTemplate{
			eiengine.SinkPad(frames.AnyCaps()),
			{Name: "src_%u", Direction: eiengine.Src, Presence: eiengine.OnRequest, Caps: frames.AnyCaps()},
		},
		New: func() eiengine.Element { return new(tee) },
	})
}

type teeProps struct {
	AllowNotLinked bool `prop:"allow-not-linked,live" doc:"Go on while no branch is linked instead of failing"`
	NumSrcPads     int  `prop:"num-src-pads,readonly" doc:"Number of source pads"`
	silentProps
}

type tee struct {
	eiengine.Settings[teeProps]
	lastMessage
	ctx atomic.Pointer[eiengine.Ctx] // set while open
}

// Open implements eiengine.Opener.
func (t *tee) Open(c *eiengine.Ctx) error {
	t.ctx.Store(c)
	return nil
}

// Close implements eiengine.Opener.
func (t *tee) Close(*eiengine.Ctx) error { return nil }

// Process implements eiengine.Filter.
func (t *tee) Process(c *eiengine.Ctx, in *frames.Frame) error {
	p := t.Load()
	if !p.Silent {
		t.tell(c, fmt.Sprintf("chain        ******* (%s:sink)t (%d bytes, %s)", c.Name(), in.Size(), clockText(in.PTS)))
	}
	if p.AllowNotLinked && c.SrcPads() == 0 {
		in.Release()
		return nil
	}
	err := c.Broadcast(in)
	if p.AllowNotLinked && errors.Is(err, eiengine.ErrNotLinked) {
		return nil
	}
	return err
}

// ReadProperty implements eiengine.PropertyReader. The number of pads is known
// from ready on.
func (t *tee) ReadProperty(name string) (string, bool) {
	if name != "num-src-pads" {
		return t.lastMessage.ReadProperty(name)
	}
	c := t.ctx.Load()
	if c == nil {
		return "", false
	}
	return strconv.Itoa(c.SrcPads()), true
}
