package learn

import (
	"fmt"
	"strings"
)

// Confusion counts answers: row the class that is right, column the answer.
type Confusion [][]int

// NewConfusion counts answers of that many classes.
func NewConfusion(classes int) Confusion {
	c := make(Confusion, classes)
	for i := range c {
		c[i] = make([]int, classes)
	}
	return c
}

// Accuracy is the part of the answers that are right, 0 if there are none.
func (c Confusion) Accuracy() float64 {
	right := 0
	for i, row := range c {
		right += row[i]
	}
	return part(right, c.Total())
}

// Total is the number of answers.
func (c Confusion) Total() (all int) {
	for _, row := range c {
		for _, n := range row {
			all += n
		}
	}
	return all
}

// Precision is the part of the answers of that class that are right.
func (c Confusion) Precision(class int) float64 {
	answers := 0
	for _, row := range c {
		answers += row[class]
	}
	return part(c[class][class], answers)
}

// Recall is the part of what is of that class that was found.
func (c Confusion) Recall(class int) float64 {
	all := 0
	for _, n := range c[class] {
		all += n
	}
	return part(c[class][class], all)
}

// F1 is the mean over the classes of the harmonic mean of precision and recall.
func (c Confusion) F1() float64 {
	sum := 0.0
	for i := range c {
		if p, r := c.Precision(i), c.Recall(i); p+r > 0 {
			sum += 2 * p * r / (p + r)
		}
	}
	return sum / float64(len(c))
}

func part(of, all int) float64 {
	if all == 0 {
		return 0
	}
	return float64(of) / float64(all)
}

// Table is the counts as a table in Markdown.
func (c Confusion) Table(labels []string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "| is \\ answered | %s | precision | recall |\n|---|%s---|---|\n",
		strings.Join(labels, " | "), strings.Repeat("---|", len(labels)))
	for i, row := range c {
		fmt.Fprintf(&b, "| %s |", labels[i])
		for _, n := range row {
			fmt.Fprintf(&b, " %d |", n)
		}
		fmt.Fprintf(&b, " %.3f | %.3f |\n", c.Precision(i), c.Recall(i))
	}
	return b.String()
}
