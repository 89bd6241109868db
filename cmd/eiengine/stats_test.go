package main

import "testing"

func TestStatsSayWhatWasLostAndWhatItTook(t *testing.T) {
	took := func(p50, p99 int64) *durations { return &durations{Count: 100, P50: p50, P99: p99, Max: p99} }
	got := statsTable([]elementStats{
		{Name: "camera", Element: "videotestsrc", Out: 100, Time: 2.5e9, Share: 0.25, PerFrame: took(25e6, 31.04e6)},
		{Name: "newest", Element: "queue", In: 100, Out: 30, Dropped: 69, Queue: &queueStats{Buffers: 1, Bytes: 3 << 20, Time: 33e6, Peak: 2, Mean: 0.74, Full: 69, Blocked: 1500}},
		{Name: "net", Element: "edgeimpulsevideoinfer", In: 30, Out: 30, Counts: []count{{"judged", 10}, {"too late", 20}}},
		{Name: "png", Element: "pngdec", In: 30, Out: 28, Failed: 2, Copies: 7, Time: 999, Share: 1e-7, PerFrame: took(33, 47)},
		{Name: "screen", Element: "fakesink", In: 28, Time: 28e3, PerFrame: took(1e3, 2e3), Late: took(61e3, 1.2e6)},
	}, []string{"A queue would help."})
	want := `element  kind                        in      out  dropped failed copies      time  share       p50       p99  notes
camera   videotestsrc                 0      100        0      0      0    2.50 s 25.0 %   25.0 ms   31.0 ms
newest   queue                      100       30       69      0      0         -      -         -         -  1 frames, 3 MiB, 0.033 s; at most 2, mean 0.7; full for 69, blocked for 1.50 µs
net      edgeimpulsevideoinfer       30       30        0      0      0         -      -         -         -
png      pngdec                      30       28        0      2      7    999 ns  0.0 %     33 ns     47 ns
screen   fakesink                    28        0        0      0      0   28.0 µs  0.0 %   1.00 µs   2.00 µs  late p50 61.0 µs, p99 1.20 ms
newest dropped 69 of 100 frames: what is behind it is slower than what comes.
net: judged 10, too late 20.
png could not process 2 of 30 frames; the warnings say why.
A queue would help.
`
	if got != want {
		t.Errorf("have\n%swant\n%s", got, want)
	}
}
