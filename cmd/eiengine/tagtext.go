package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/eiengine/eiengine/bus"
)

// tagLines are facts about a stream as gst-launch-1.0 -t prints them.
func tagLines(src string, tags []bus.Tag) []string {
	lines := []string{fmt.Sprintf("FOUND TAG      : found by element %q.", src)}
	for _, t := range tags {
		lines = append(lines, fmt.Sprintf("%16s: %s", strings.ReplaceAll(t.Name, "-", " "), oneLine(t.Value)))
	}
	return lines
}

// tocLines is a table of contents as gst-launch-1.0 -c prints it.
func tocLines(src string, entries []bus.TOCEntry) []string {
	lines := []string{fmt.Sprintf("FOUND TOC      : found by element %q.", src)}
	return appendEntries(lines, entries, 0)
}

func appendEntries(lines []string, entries []bus.TOCEntry, depth int) []string {
	indent := strings.Repeat("  ", depth)
	for _, e := range entries {
		lines = append(lines, fmt.Sprintf("%s%s: start: %s stop: %s", indent, e.Kind, tocTime(e.Start), tocTime(e.Stop)))
		for _, t := range e.Tags {
			lines = append(lines, fmt.Sprintf("%*s%s: %s", 4+4*depth, "", strings.ReplaceAll(t.Name, "-", " "), oneLine(t.Value)))
		}
		lines = appendEntries(lines, e.Entries, depth+1)
	}
	return lines
}

// tocTime is a time of a table of contents, which may be unknown.
func tocTime(t time.Duration) string {
	if t < 0 {
		return "99:99:99.999999999"
	}
	return clockText(t)
}

// tagListText is a list of facts as gst-launch-1.0 -m prints it.
func tagListText(tags []bus.Tag) string {
	list := "taglist"
	for _, t := range tags {
		list += fmt.Sprintf(", %s=(%s)%s", t.Name, tagType(t.Name), valueText(t.Value))
	}
	return "taglist=(taglist)" + valueText(list+";")
}

// tagType is GStreamer's type of a fact.
func tagType(name string) string {
	switch name {
	case "bitrate", "track-number":
		return "uint"
	case "datetime":
		return "datetime"
	}
	return "string"
}
