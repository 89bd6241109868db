package bus

import "time"

// Tag is a fact about a stream, such as its title. The names are GStreamer's:
// title, artist, album, comment, container-format, bitrate …
type Tag struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Tags are the facts that a stream brought to a sink.
type Tags struct {
	Tags []Tag `json:"tags"`
}

// StructureName implements Payload.
func (*Tags) StructureName() string { return "GstMessageTag" }

// TOC is the table of contents that a stream brought to a sink.
type TOC struct {
	Entries []TOCEntry `json:"entries"`
}

// StructureName implements Payload.
func (*TOC) StructureName() string { return "GstMessageToc" }

// TOCEntry is a part of a stream, from Start to Stop in its own times.
type TOCEntry struct {
	Kind    string        `json:"kind"` // "edition", "chapter" or "track"
	Start   time.Duration `json:"start"`
	Stop    time.Duration `json:"stop"`
	Tags    []Tag         `json:"tags,omitempty"`
	Entries []TOCEntry    `json:"entries,omitempty"` // the parts of it
}
