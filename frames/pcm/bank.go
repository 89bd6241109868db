package pcm

// Filters are kept in groups of four that are applied to the same window of samples,
// since every sample that is loaded then serves four sums. The four taps of eight
// samples follow each other: eight of the first filter, eight of the second, …
const (
	group = 4
	lanes = 8
)

// bank holds the filters of a [Resampler].
type bank[T float32 | float64] struct {
	window int   // samples under a group, a multiple of lanes
	starts []int // full table: where the window of each group begins, and the first of the next period
	taps   []T

	steps int // interpolated table: filters from one sample to the next; 0 for a full one
}

// maxTableBytes bounds a full table, whoever asks for it.
const maxTableBytes = 16 << 20

// How many filters an interpolated table has from one sample to the next, by the way
// of interpolation.
const (
	nearestSteps = 2
	linearSteps  = 256
)

// cubicSteps is as many as leave an error of less than the filter lets through: of -103
// dB for 16, and a 16th for twice as many. Few stay in the nearest cache.
func cubicSteps(f Filter) int {
	switch {
	case f.Method == BlackmanNuttall || f.Quality > 8:
		return 64
	case f.Method == Kaiser && f.Quality > 4:
		return 32
	}
	return 16
}

// newBank makes the filters for rates without a common divisor.
func newBank[T float32 | float64](f Filter, r *response, from, to, sampleBytes int) *bank[T] {
	bytes := to * r.taps * sampleBytes
	full := f.Table == TableFull || f.Table == TableAuto && bytes < f.TableBytes
	switch {
	case full && bytes <= maxTableBytes:
		return fullBank[T](r, from, to)
	case f.Method == Nearest:
		return tableBank[T](r, nearestSteps)
	case f.Between == LinearInterpolation:
		return tableBank[T](r, linearSteps)
	}
	return tableBank[T](r, cubicSteps(f))
}

// weights are what the filters of a group count for between the second and the third.
func (b *bank[T]) weights(f T) [group]T {
	switch b.steps {
	case nearestSteps:
		return [group]T{0, 1}
	case linearSteps:
		return [group]T{0, 1 - f, f}
	}
	// The cubic through their values at -1, 0, 1 and 2.
	g, h, i := f+1, f-1, f-2
	return [group]T{f * h * i * (-1. / 6), g * h * i * 0.5, g * f * i * -0.5, g * f * h * (1. / 6)}
}

// fullBank has a filter for each output sample until everything repeats. A group is
// for four that follow each other, each with its taps where they belong in the window
// of the first.
func fullBank[T float32 | float64](r *response, from, to int) *bank[T] {
	groups := to / gcd(to, group)
	b := &bank[T]{window: roundUp(r.taps+((group-1)*from+to-1)/to, lanes)}
	b.taps = make([]T, groups*group*b.window)
	for g := range groups + 1 {
		b.starts = append(b.starts, g*group*from/to)
	}
	row := make([]float64, r.taps)
	for first := range to {
		r.row(row, float64(first*from%to)/float64(to))
		for k := first; k < groups*group; k += to { // the same moment between two samples
			b.lay(k, row, k*from/to-b.starts[k/group])
		}
	}
	return b
}

// tableBank has a group for each step: the filter of the one before, its own, and of
// the two behind.
func tableBank[T float32 | float64](r *response, steps int) *bank[T] {
	b := &bank[T]{window: roundUp(r.taps, lanes), steps: steps}
	b.taps = make([]T, steps*group*b.window)
	row := make([]float64, r.taps)
	for k := range steps * group {
		step := k/group + k%group - 1
		r.row(row, float64(step)/float64(steps))
		b.lay(k, row, 0)
	}
	return b
}

// lay puts a filter into its place, some samples behind the begin of the window.
func (b *bank[T]) lay(k int, row []float64, behind int) {
	taps := b.group(k / group)
	for i, v := range row {
		i += behind
		taps[(i/lanes*group+k%group)*lanes+i%lanes] = T(v)
	}
}

// group are the taps of a group.
func (b *bank[T]) group(g int) []T {
	n := group * b.window
	return b.taps[g*n : (g+1)*n]
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
