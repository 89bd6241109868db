package png

import (
	"bufio"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"

	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/frames/pixel"
)

// DefaultLevel is a good balance of size and time.
const DefaultLevel = 6

// Encoder writes pictures and keeps its buffers between them. The zero value is
// ready; not safe for concurrent use.
type Encoder struct {
	zlib   *zlib.Writer
	level  int
	chunks *bufio.Writer // gathers chunk-sized pieces
	filter filter
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
	if err := e.begin(w, level); err != nil {
		return err
	}
	head := binary.BigEndian.AppendUint32(nil, uint32(p.Width))
	head = binary.BigEndian.AppendUint32(head, uint32(p.Height))
	head = append(head, 8, colorType, 0, 0, 0)
	if _, err := io.WriteString(w, signature); err != nil {
		return fmt.Errorf("png: %w", err)
	}
	if err := e.to.chunk("IHDR", head); err != nil {
		return err
	}
	if err := e.pixels(p, level); err != nil {
		return fmt.Errorf("png: %w", err)
	}
	return e.to.chunk("IEND", nil)
}

// begin readies the buffers for a picture to w.
func (e *Encoder) begin(w io.Writer, level int) error {
	e.to.w = w
	if e.chunks == nil {
		e.chunks = bufio.NewWriterSize(&e.to, 1<<15)
	}
	e.chunks.Reset(&e.to)
	if e.zlib != nil && e.level == level {
		e.zlib.Reset(e.chunks)
		return nil
	}
	z, err := zlib.NewWriterLevel(e.chunks, level)
	if err != nil {
		return fmt.Errorf("png: %w", err)
	}
	e.zlib, e.level = z, level
	return nil
}

// pixels writes the filtered rows as IDAT chunks.
func (e *Encoder) pixels(p *frames.Picture, level int) error {
	bpp := p.Format.PixelStride()
	e.filter.begin(p.Width*bpp, bpp)
	for y := range p.Height {
		var above []byte
		if y > 0 {
			above = p.Row(0, y-1)
		}
		if _, err := e.zlib.Write(e.filter.row(p.Row(0, y), above, level)); err != nil {
			return err
		}
	}
	if err := e.zlib.Close(); err != nil {
		return err
	}
	return e.chunks.Flush()
}

// chunkWriter writes chunks; as an io.Writer each call is one of image data.
type chunkWriter struct {
	w    io.Writer
	head [8]byte
	crc  [4]byte
}

func (c *chunkWriter) Write(data []byte) (int, error) {
	if err := c.chunk("IDAT", data); err != nil {
		return 0, err
	}
	return len(data), nil
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
