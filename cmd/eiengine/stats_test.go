package main

import "testing"

func TestStatsSayWhatWasLost(t *testing.T) {
	got := statsTable([]elementStats{
		{Name: "camera", Element: "videotestsrc", Out: 100},
		{Name: "newest", Element: "queue", In: 100, Out: 30, Dropped: 69, Queue: &queueLevel{1, 3 << 20, 33e6}},
		{Name: "net", Element: "edgeimpulsevideoinfer", In: 30, Out: 30, Counts: []count{{"judged", 10}, {"too late", 20}}},
		{Name: "png", Element: "pngdec", In: 30, Out: 28, Failed: 2, Copies: 7},
	})
	want := `element  kind                         in       out   dropped    failed    copies  queue
camera   videotestsrc                  0       100         0         0         0
newest   queue                       100        30        69         0         0  1 frames, 3 MiB, 0.033 s
net      edgeimpulsevideoinfer        30        30         0         0         0
png      pngdec                       30        28         0         2         7
newest dropped 69 of 100 frames: what is behind it is slower than what comes.
net: judged 10, too late 20.
png could not process 2 of 30 frames; the warnings say why.
`
	if got != want {
		t.Errorf("have\n%swant\n%s", got, want)
	}
}
