package main

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"github.com/eiengine/eiengine/capture/fabric"
	"github.com/eiengine/eiengine/infer/builtin/internal/gmm"
	"github.com/eiengine/eiengine/infer/builtin/internal/learn"
	"github.com/eiengine/eiengine/infer/builtin/internal/texture"
)

// result is what came of a trial.
type result struct {
	name   string
	scores *scores
}

func byKind(s *scores) string {
	var parts []string
	for _, kind := range fabric.Kinds() {
		parts = append(parts, fmt.Sprintf("%s %.3f (%d)", kind, learn.AUROC(s.bad[kind], s.good), len(s.bad[kind])))
	}
	return strings.Join(parts, ", ")
}

// reaching is the part of scores that are at the threshold or above.
func reaching(scores []float64, threshold float64) float64 {
	n := 0
	for _, v := range scores {
		if v >= threshold {
			n++
		}
	}
	return float64(n) / float64(max(len(scores), 1))
}

// card is the model card, in Markdown.
func card(s *settings, m *gmm.Mixture, size int, results []result, took time.Duration) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, `# builtin:faults

Written by the training program (`+"`go run ./infer/builtin/train/faults`"+`).

Finds faults in a woven cloth by knowing only good cloth. Input %dx%d RGB, the
middle of the picture (fit-shortest); output a score for each of %dx%d cells of %d
pixels, how far the cell is from what good cloth looks like, and the highest and the
mean of them. A fixed bank of filters describes a cell by %d features; a mixture of
Gaussian distributions says how likely they are.

| | |
|---|---|
| components of the mixture | %d, with full covariances |
| file | %d bytes |
| training | %d pictures of good cloth, %d rounds, seed %d, %s on one processor |
| threshold | min_anomaly_score=%.2f, which %.0f of 100 good pictures of validation reach |

## Held-out figures

Cloth of capture/fabric from seeds that neither training nor the threshold draws. Each
picture that shows one fault whole is judged beside the same picture without the
fault, by the highest score of its cells. AUROC is the part of all pairs of a faulty
and a good picture in which the faulty one scores higher.

| pictures | of each | AUROC | faulty that alarm | good that alarm | alarms that lie on the fault |
|---|---|---|---|---|---|
`, side, side, side/texture.Cell, side/texture.Cell, texture.Cell, texture.Features,
		len(m.Components), size, s.pictures, s.rounds, s.seed, took.Round(time.Second), m.Threshold, 100*falseAlarms)
	for _, r := range results {
		bad := r.scores.allBad()
		fmt.Fprintf(&b, "| %s | %d | %.3f | %.3f | %.3f | %.3f |\n", r.name, len(bad), r.scores.auroc(),
			reaching(bad, m.Threshold), reaching(r.scores.good, m.Threshold), float64(r.scores.onFault)/float64(max(r.scores.alarms, 1)))
	}
	b.WriteString("\nThe first of these by kind of fault:\n\n| fault | pictures | AUROC | that alarm |\n|---|---|---|---|\n")
	first := results[0].scores
	for _, kind := range fabric.Kinds() {
		bad := first.bad[kind]
		fmt.Fprintf(&b, "| %s | %d | %.3f | %.3f |\n", kind, len(bad), learn.AUROC(bad, first.good), reaching(bad, m.Threshold))
	}
	b.WriteString(`
## What it was trained on, and what not

Only the generated cloth, 22 threads to the shorter side of the picture, in pictures
of 160 to 480 rows: threads of uneven thickness and brightness, light that falls
unevenly, noise. The documentation of capture/fabric says what the faults are; none
of them was learnt from.

Any other cloth, another distance, and anything that is no cloth is a fault to it: to
use it for something else, fit it to pictures of that. Faults at the border of the
picture show less than those in the middle.
`)
	return b.Bytes()
}
