package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/eiengine/eiengine/bus"
)

// messageText is a message as gst-launch-1.0 -m prints it.
func messageText(m *bus.Message) string {
	from, src := "element", m.Src
	switch p := m.Payload.(type) {
	case *bus.StreamStatus:
		from = "pad"
	case *bus.PropertyNotify:
		src = p.Element
		if p.Pad != "" {
			from, src = "pad", p.Element+":"+p.Pad
		}
	}
	return fmt.Sprintf("Got message #%d from %s %q (%s): %s", m.Seq, from, src, m.Type, structureText(m))
}

func structureText(m *bus.Message) string {
	switch p := m.Payload.(type) {
	case *bus.EOS:
		return "no message details"
	case *bus.StateChanged:
		return fmt.Sprintf("%s, old-state=(GstState)%s, new-state=(GstState)%s, pending-state=(GstState)%s;",
			p.StructureName(), p.Old, p.New, p.Pending)
	case *bus.StreamStatus:
		return fmt.Sprintf(`%s, type=(GstStreamStatusType)%s, owner=(GstElement)"\(%s\)\ %s", object=(GstTask)"\(GstTask\)\ %s";`,
			p.StructureName(), p.What, typeName(p.Kind), p.Element, m.Src)
	case *bus.PropertyNotify:
		kind := "string"
		if p.Property == "caps" {
			kind = "GstCaps"
		}
		return fmt.Sprintf("%s, property-name=(string)%s, property-value=(%s)%s;", p.StructureName(), p.Property, kind, valueText(p.Value))
	case *bus.Inference:
		result, err := p.ResultJSON()
		if err != nil {
			return fmt.Sprintf("%s, error=(string)%s;", p.StructureName(), valueText(err.Error()))
		}
		return fmt.Sprintf("%s, timestamp=(guint64)%d, type=(string)%s, result=(string)%s, timing_ms=(uint)%d, resize_timing_ms=(uint)%d;",
			p.StructureName(), max(p.Timestamp, 0), valueText(p.Type), valueText(string(result)), p.Timing.Milliseconds(), p.Resize.Milliseconds())
	case *bus.InferenceFailed:
		return fmt.Sprintf("%s, timestamp=(guint64)%d, type=(string)%s, error=(string)%s;",
			p.StructureName(), max(p.Timestamp, 0), bus.TypeFailed, valueText(p.Err.Error()))
	case *bus.Buffering:
		return fmt.Sprintf("%s, buffer-percent=(int)%d, buffering-mode=(GstBufferingMode)%s, avg-in-rate=(int)%d, avg-out-rate=(int)%d, buffering-left=(gint64)%d;",
			p.StructureName(), p.Percent, p.Mode, p.InRate, p.OutRate, p.Left)
	case *bus.Tags:
		return p.StructureName() + ", " + tagListText(p.Tags) + ";"
	case *bus.TOC:
		return p.StructureName() + ", toc=(GstToc)NULL, updated=(boolean)false;"
	case *bus.Notice:
		return noticeText(m.Type)
	}
	return payloadText(m.Payload)
}

func noticeText(t bus.Type) string {
	switch t {
	case bus.TypeNewClock:
		return `GstMessageNewClock, clock=(GstClock)"\(GstSystemClock\)\ GstSystemClock";`
	case bus.TypeAsyncDone:
		return "GstMessageAsyncDone, running-time=(guint64)18446744073709551615;"
	}
	return "no message details"
}

// payloadText prints any other payload by the fields of its JSON.
func payloadText(p bus.Payload) string {
	var b strings.Builder
	b.WriteString(p.StructureName())
	raw, err := json.Marshal(p)
	if err != nil {
		return fmt.Sprintf("%s, error=(string)%s;", p.StructureName(), valueText(err.Error()))
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	if _, err := dec.Token(); err != nil {
		return b.String() + ";"
	}
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			break
		}
		var value any
		if err := dec.Decode(&value); err != nil {
			break
		}
		fmt.Fprintf(&b, ", %s=%s", name, typedValue(value))
	}
	return b.String() + ";"
}

func typedValue(v any) string {
	switch v := v.(type) {
	case string:
		return "(string)" + valueText(v)
	case bool:
		return fmt.Sprintf("(boolean)%v", v)
	case json.Number:
		if strings.ContainsAny(v.String(), ".eE") {
			return "(double)" + v.String()
		}
		return "(gint64)" + v.String()
	case nil:
		return "(string)NULL"
	}
	raw, err := json.Marshal(v)
	if err != nil {
		return "(string)" + valueText(err.Error())
	}
	return "(string)" + valueText(string(raw))
}

// valueText quotes a string as GStreamer does in structures: plain words stay,
// others stand in quotes with every odd character escaped.
func valueText(s string) string {
	if s != "" && strings.IndexFunc(s, func(r rune) bool { return r >= 0x80 || !plain(byte(r)) }) < 0 {
		return s
	}
	var b strings.Builder
	b.WriteByte('"')
	for i := range len(s) {
		switch c := s[i]; {
		case plain(c):
			b.WriteByte(c)
		case c >= 0x20 && c < 0x7f:
			b.WriteByte('\\')
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, `\%03o`, c)
		}
	}
	b.WriteByte('"')
	return b.String()
}

func plain(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || strings.IndexByte("_-+/:.", c) >= 0
}
