package main

import (
	"bytes"
	"fmt"
	"time"

	"github.com/eiengine/eiengine/capture/soundscape"
	"github.com/eiengine/eiengine/infer/builtin/internal/fomo"
	"github.com/eiengine/eiengine/infer/builtin/internal/learn"
	"github.com/eiengine/eiengine/infer/builtin/internal/mfe"
)

// card is the model card, in Markdown.
func card(c *learn.Course, net *fomo.Network, size int, counts learn.Confusion, took time.Duration) ([]byte, error) {
	products, err := net.Products()
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, `# builtin:sounds

Written by the training program (`+"`go run ./infer/builtin/train/sounds`"+`).

Tells what is to be heard in a second of sound: a beep, knocking, a siren, a
whistle, or noise alone. Input %d samples at %d Hz, mono, values from -32768 to
32767; or, for a continuous signal, slices of %d samples, each answered with what
the last second held. Features: mel filterbank energies, %d filters in frames of
25 ms every 10 ms. A small convolutional network looks at them as at a picture;
the scores of its cells are averaged.

| | |
|---|---|
| parameters | %d, as float32 |
| file | %d bytes |
| products a window | %.1f million, and %d transforms of 512 points |
| training | %d steps of %d windows, seed %d, %s on one processor |
`, samples, mfe.Rate, samples/4, mfe.Filters, net.Parameters(), size, float64(products)/1e6, mfe.Frames(samples),
		c.Steps, c.Batch, c.Seed, took.Round(time.Second))
	if c.Resume != "" {
		fmt.Fprintf(&b, "| begun from | weights trained before (`-resume`) |\n")
	}
	fmt.Fprintf(&b, `
## Held-out figures

Soundscapes of capture/soundscape from seeds that training does not draw, windows
a quarter of a second apart. A window is of a sound that fills at least half of it,
and of noise if sounds fill at most a twentieth; those in between, where a sound
begins or ends, are left out. The label with the highest value counts.

Accuracy %.3f, mean F1 %.3f.

`, counts.Accuracy(), counts.F1())
	b.WriteString(counts.Table(soundscape.Labels()))
	b.WriteString(`
## What it was trained on, and what not

Only generated sound: one sound at a time, 8 dB below to 20 dB above noise of any
colour, with hum, hisses and single clicks. The documentation of
capture/soundscape says what each sound is.

It has not been tried on recordings. Music, speech, several sounds at once, echo
and sounds weaker than those above are beyond it, and it will call them by one of
its five names all the same. The values are not calibrated.
`)
	return b.Bytes(), nil
}
