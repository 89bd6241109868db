package flow

import (
	"errors"
	"fmt"
	"strconv"

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
	AllowNotLinked bool     `prop:"allow-not-linked,live" doc:"Go on while no branch is linked instead of failing"`
	HasChain       bool     `prop:"has-chain" default:"true" doc:"Accepted without effect: frames are always pushed here"`
	PullMode       pullMode `prop:"pull-mode" default:"never" doc:"Accepted without effect: frames are never pulled here"`
	NumSrcPads     int      `prop:"num-src-pads,readonly" min:"0" doc:"Number of source pads"`
	silentProps
}

type tee struct {
	eiengine.Settings[teeProps]
	lastMessage
	eiengine.PadLister
}

// BatchAware implements eiengine.BatchAware: batches pass as they are.
func (*tee) BatchAware() {}

// pullMode says how a tee behaves when data is pulled.
type pullMode int

// EnumValues implements eiengine.Enum.
func (pullMode) EnumValues() []eiengine.EnumValue {
	return []eiengine.EnumValue{
		{Value: 0, Nick: "never", Name: "Never activate in pull mode"},
		{Value: 1, Nick: "single", Name: "Only one src pad can be active in pull mode"},
	}
}

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

// ReadProperty implements eiengine.PropertyReader.
func (t *tee) ReadProperty(name string) (string, bool) {
	if name != "num-src-pads" {
		return t.lastMessage.ReadProperty(name)
	}
	return strconv.Itoa(len(t.PadNames(eiengine.Src))), true
}
