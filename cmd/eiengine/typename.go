package main

import "strings"

// nameParts are the words that names of elements are made of, as GStreamer
// spells them in type names. A longer one comes before those it begins with.
var nameParts = []string{
	"decodebin:DecodeBin", "typefind:TypeFind", "capsfilter:CapsFilter", "edge:Edge", "impulse:Impulse",
	"continueif:ContinueIf", "video:Video", "audio:Audio", "multi:Multi", "image:Image", "interpipe:InterPipe",
	"rate:Rate", "resample:Resample", "convert:Convert", "scale:Scale", "crop:Crop", "flip:Flip", "test:Test",
	"file:File", "fake:Fake", "app:App", "null:Null", "auto:Auto", "text:Text", "jpeg:Jpeg", "png:Png", "wav:Wav",
	"enc:Enc", "dec:Dec", "parse:Parse", "mux:Mux", "infer:Infer", "overlay:Overlay", "src:Src", "sink:Sink",
	"v4l2:V4l2", "alsa:Alsa", "freeze:Freeze", "selector:Selector", "gdp:GDP", "depay:Depay", "pay:Pay", "input:Input", "sequence:Sequence", "sync:Sync", "output:Output",
}

// typeName is the name of the type of an element, GstVideoTestSrc for
// videotestsrc: the words that paths in messages are known by.
func typeName(kind string) string {
	var b strings.Builder
	b.WriteString("Gst")
	fresh := true // the next unknown letter begins a word
	for rest := kind; rest != ""; {
		if low, name, ok := firstPart(rest); ok {
			b.WriteString(name)
			rest, fresh = rest[len(low):], true
			continue
		}
		if fresh {
			b.WriteString(strings.ToUpper(rest[:1]))
		} else {
			b.WriteByte(rest[0])
		}
		rest, fresh = rest[1:], false
	}
	return b.String()
}

func firstPart(s string) (low, name string, ok bool) {
	for _, part := range nameParts {
		low, name, _ = strings.Cut(part, ":")
		if strings.HasPrefix(s, low) {
			return low, name, true
		}
	}
	return "", "", false
}
