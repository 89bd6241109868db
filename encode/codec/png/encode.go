package png

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"

	"github.com/eiengine/eiengine/encode/codec/png/internal/deflate"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/frames/pixel"
)

// DefaultLevel is a good balance of size and time.
const DefaultLevel = 6

// Encoder writes pictures and keeps its buffers between them. The zero value is
// ready; not safe for concurrent use.
type Encoder struct {
	filter filter
	zlib   deflate.Writer
	packed []byte
	head   [13]byte
	to     chunkWriter
}

// Encode writes the picture as one PNG. It is [Encoder.Encode] on a new encoder.
func Encode(w io.Writer, p *frames.Picture, level int) error {
	return new(Encoder).Encode(w, p, level)
}

// Encode writes an RGB, RGBA or GRAY8 picture as one PNG. level is that of zlib:
// 0 stores, 1 is fastest, 9 is smallest; see DefaultLevel. Errors: another format
// or level, errors of w.
func (e *Encoder) Encode(w io.Writer, p *frames.Picture, level int) error {
	colorType := byte(2)
	switch p.Format {
	case frames.RGB:
	case frames.GRAY8:
		colorType = 0
	case frames.RGBA:
		colorType = 6
	default:
		return fmt.Errorf("png: cannot encode format %v: convert to RGB, RGBA or GRAY8 first", p.Format)
	}
	if level < 0 || level > 9 {
		return fmt.Errorf("png: compression level %d is not in 0..9", level)
	}
	if err := pixel.Check(p); err != nil {
		return fmt.Errorf("png: %w", err)
	}
	binary.BigEndian.PutUint32(e.head[0:], uint32(p.Width))
	binary.BigEndian.PutUint32(e.head[4:], uint32(p.Height))
	copy(e.head[8:], []byte{8, colorType, 0, 0, 0})
	e.to.w = w
	if _, err := io.WriteString(w, signature); err != nil {
		return fmt.Errorf("png: %w", err)
	}
	if err := e.to.chunk("IHDR", e.head[:]); err != nil {
		return err
	}
	if err := e.pixels(p, level); err != nil {
		return err
	}
	return e.to.chunk("IEND", nil)
}

// pixels writes the filtered rows as chunks of image data.
func (e *Encoder) pixels(p *frames.Picture, level int) error {
	bpp := p.Format.PixelStride()
	e.filter.begin(p.Width*bpp, bpp)
	e.zlib.Reset(e.packed[:0], level)
	var above []byte
	for y := range p.Height {
		row := p.Row(0, y)
		e.filter.row(e.zlib.Next(1+len(row)), row, above, level)
		above = row
	}
	e.packed = e.zlib.Close()
	const most = 1 << 30 // bytes of one chunk
	for data := e.packed; len(data) > 0; {
		n := min(len(data), most)
		if err := e.to.chunk("IDAT", data[:n]); err != nil {
			return err
		}
		data = data[n:]
	}
	return nil
}

// chunkWriter writes chunks.
type chunkWriter struct {
	w    io.Writer
	head [8]byte
	crc  [4]byte
}

func (c *chunkWriter) chunk(kind string, data []byte) error {
	binary.BigEndian.PutUint32(c.head[:], uint32(len(data)))
	copy(c.head[4:], kind)
	sum := crc32.Update(crc32.ChecksumIEEE(c.head[4:]), crc32.IEEETable, data)
	binary.BigEndian.PutUint32(c.crc[:], sum)
	for _, part := range [][]byte{c.head[:], data, c.crc[:]} {
		if _, err := c.w.Write(part); err != nil {
			return fmt.Errorf("png: %w", err)
		}
	}
	return nil
}
