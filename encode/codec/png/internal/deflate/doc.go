// Package deflate compresses the filtered rows of pictures as zlib streams
// (RFC 1950, RFC 1951).
//
// It differs from compress/zlib where pictures differ from text. The smallest match has
// three bytes, the size of a pixel. A match is taken only if it costs fewer bits than
// its literals did in the block before, so that filtered photographs, whose literals
// are short, go by literals alone. Where nothing matches, fewer places are looked at.
// Runs of literals are kept as places in the input, not as tokens.
package deflate
