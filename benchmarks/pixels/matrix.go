package main

import (
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/frames/pixel"
)

// enough is what a pixel may cost between any two formats, in nanoseconds.
const enough = 1.

// colours is what the two sides of a conversion are in.
type colours struct {
	name     string
	from, to frames.Colorimetry
}

// printMatrices prints what every pair of formats costs, where colours stay as they
// are and where matrix and range of YUV change as well; RGB and gray have full range.
func printMatrices(out io.Writer, o options) error {
	sd := frames.Colorimetry{Matrix: frames.BT601, Range: frames.LimitedRange}
	hd := frames.Colorimetry{Matrix: frames.BT709, Range: frames.FullRange}
	for _, c := range []colours{
		{"with the usual colours", frames.Colorimetry{}, frames.Colorimetry{}},
		{"from YUV in BT.601, limited range, to YUV in BT.709, full range", sd, hd},
	} {
		if err := printMatrix(out, o.rounds, c); err != nil {
			return err
		}
	}
	return nil
}

func printMatrix(out io.Writer, rounds int, c colours) error {
	fmt.Fprintf(out, "1280x720 %s, one thread, ns a pixel, from each row's format to each column's:\n\n", c.name)
	table := tabwriter.NewWriter(out, 0, 0, 1, ' ', tabwriter.AlignRight|tabwriter.Debug)
	all := frames.PixelFormats()
	for _, to := range all {
		fmt.Fprintf(table, "\t%v", to)
	}
	fmt.Fprintln(table, "\t")
	slow := 0
	for _, from := range all {
		fmt.Fprint(table, from)
		for _, to := range all {
			cost, err := c.cost(from, to, rounds)
			if err != nil {
				return err
			}
			if cost > enough {
				slow++
			}
			fmt.Fprintf(table, "\t%.2f", cost)
		}
		fmt.Fprintln(table, "\t")
	}
	if err := table.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out, "\n%d of %d pairs cost more than %v ns a pixel\n\n", slow, len(all)*len(all), enough)
	return err
}

// cost is what a pixel of one pair of formats costs.
func (c colours) cost(from, to frames.PixelFormat, rounds int) (float64, error) {
	const w, h = 1280, 720
	src, dst := noise(from, w, h), picture(to, w, h)
	if from.IsYUV() {
		src.Color = c.from
	}
	if to.IsYUV() {
		dst.Color = c.to
	}
	var converter pixel.Converter
	if err := converter.Convert(&dst, &src); err != nil {
		return 0, fmt.Errorf("%v to %v: %w", from, to, err)
	}
	run := func() { _ = converter.Convert(&dst, &src) } // it did above
	var all []float64
	for range rounds {
		all = append(all, perPixel(w*h, run))
	}
	return median(all), nil
}
