package pixel

// worthwhile is how many bytes a goroutine has to write before it pays.
const worthwhile = 1 << 18

// threadsFor is how many goroutines do a picture of rows of width bytes.
func threadsFor(allowed, width, rows int) int {
	return max(1, min(allowed, width*rows/worthwhile, rows/2))
}
