package flow

import (
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
)

// silentProps are the properties of elements that can tell each frame.
type silentProps struct {
	Silent      bool   `prop:"silent,live" default:"true" doc:"Do not describe each frame in last-message"`
	LastMessage string `prop:"last-message,readonly" null:"null" doc:"What was said last"`
}

// lastMessage keeps and publishes what gst-launch -v shows as last-message.
type lastMessage struct{ text atomic.Pointer[string] }

func (l *lastMessage) tell(c *eiengine.Ctx, text string) {
	l.text.Store(&text)
	c.Notify("last-message", text)
}

// ReadProperty implements eiengine.PropertyReader.
func (l *lastMessage) ReadProperty(name string) (string, bool) {
	if name != "last-message" {
		return "", false
	}
	if s := l.text.Load(); s != nil {
		return *s, true
	}
	return "", true
}

// describe tells a frame in the words of GStreamer, what being "chain" or "create".
func describe(what, element, pad string, f *frames.Frame) string {
	return fmt.Sprintf("%s   ******* (%s:%s) (%d bytes, dts: none, pts: %s, duration: %s, offset: %d, offset_end: -1, flags: %s, meta: %s)",
		what, element, pad, f.Size(), clockText(f.PTS), clockText(f.Duration), f.Seq, flagsText(f.Flags), metaText(f))
}

// clockText is a time as GStreamer prints it.
func clockText(t time.Duration) string {
	if t < 0 {
		return "none"
	}
	return fmt.Sprintf("%d:%02d:%02d.%09d", t/time.Hour, t/time.Minute%60, t/time.Second%60, t%time.Second)
}

// gstFlags are the flags with GStreamer's numbers and names, in its order.
var gstFlags = []struct {
	flag frames.Flags
	bit  uint32
	name string
}{
	{frames.Discont, 0x40, "discont"},
	{frames.Corrupted, 0x100, "corrupted"},
	{frames.Header, 0x400, "header"},
	{frames.Gap, 0x800, "gap"},
	{frames.Droppable, 0x1000, "droppable"},
	{frames.DeltaUnit, 0x2000, "delta-unit"},
}

func flagsText(flags frames.Flags) string {
	var bits uint32
	var names strings.Builder
	for _, g := range gstFlags {
		if flags&g.flag != 0 {
			bits |= g.bit
			names.WriteString(g.name + " ")
		}
	}
	return fmt.Sprintf("%08x %s", bits, names.String())
}

func metaText(f *frames.Frame) string {
	var names []string
	for m := range f.Metas() {
		names = append(names, m.MetaName())
	}
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}
