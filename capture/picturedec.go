package capture

import (
	"bytes"
	"errors"
	"fmt"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
)

// pictureCodec is a way to encode single pictures.
type pictureCodec struct {
	name  string // such as "PNG"
	magic []byte // what each picture begins with
	// end occurs at the end of each picture, perhaps also elsewhere, with at
	// most tail bytes behind it.
	end      []byte
	tail     int
	maxBytes int

	cut    func(data []byte) (n int, ok bool, err error)
	config func(data []byte) (frames.VideoInfo, error)
	// newDecode makes a function that decodes one picture after the other and may
	// keep its buffers between them.
	newDecode func() func(dst *frames.Picture, data []byte) error
}

// pictureDecoder takes the pictures of one codec out of chunks of any size and
// decodes them. Decoders embed it.
type pictureDecoder struct {
	codec *pictureCodec
	// settings gives the properties, and after how many errors to fail.
	settings func() (p *decoderProps, maxErrors int)

	decode func(dst *frames.Picture, data []byte) error
	held   []byte // bytes that are no whole picture yet
	// looked is how far held was searched for the end of a picture.
	looked int
	// first says which chunk the held bytes began in.
	first pictureTimes

	total           int64 // bytes taken
	decoded, failed int
	inARow          int // failed since the last one that was not
	lastError       error
	fps             frames.Fraction
	info            frames.VideoInfo
	format          *frames.Format
}

// pictureTimes are the times of the chunk that a picture begins in.
type pictureTimes struct {
	pts, duration, mono time.Duration
	corrupted           bool
}

// LateFormat implements eiengine.LateFormat.
func (*pictureDecoder) LateFormat() {}

// Start implements eiengine.Starter.
func (d *pictureDecoder) Start(*eiengine.Ctx) error {
	*d = pictureDecoder{codec: d.codec, settings: d.settings, held: d.held[:0], decode: d.codec.newDecode()}
	return nil
}

// Stop implements eiengine.Starter.
func (d *pictureDecoder) Stop(*eiengine.Ctx) error {
	d.held, d.decode = nil, nil
	return nil
}

// Flush implements eiengine.Flusher.
func (d *pictureDecoder) Flush(*eiengine.Ctx) { d.held, d.looked = d.held[:0], 0 }

// Configure implements eiengine.Configurer.
func (d *pictureDecoder) Configure(_ *eiengine.Ctx, in, _ *frames.Format) error {
	d.fps, d.format = frames.Fraction{Num: 0, Den: 1}, nil
	if list := in.Caps().Structures(); len(list) > 0 {
		if v, ok := list[0].Get("framerate"); ok {
			d.fps, _ = v.(frames.Fraction)
		}
	}
	return nil
}

// Process implements eiengine.Filter.
func (d *pictureDecoder) Process(c *eiengine.Ctx, in *frames.Frame) error {
	defer in.Release()
	data := in.Bytes()
	d.total += int64(len(data))
	times := pictureTimes{in.PTS, in.Duration, in.Mono, in.Flags&frames.Corrupted != 0}
	if len(d.held) == 0 {
		d.first = times
		// Whole pictures, as cameras and appsrc give them, are not copied.
		if n, ok, err := d.codec.cut(data); ok && err == nil {
			if err := d.picture(c, data[:n]); err != nil {
				return err
			}
			data = data[n:]
		}
	}
	d.held = append(d.held, data...)
	return d.cutHeld(c, times)
}

// cutHeld decodes what is whole of the held bytes. Pictures that follow the
// first one began in the latest chunk.
func (d *pictureDecoder) cutHeld(c *eiengine.Ctx, latest pictureTimes) error {
	for d.worthCutting() {
		n, ok, err := d.codec.cut(d.held)
		switch {
		case err != nil:
			if err := d.resync(c, err); err != nil {
				return err
			}
			continue
		case !ok:
			d.looked = len(d.held)
			return nil
		}
		err = d.picture(c, d.held[:n])
		d.advance(n)
		d.first = latest
		if err != nil {
			return err
		}
	}
	return nil
}

// worthCutting keeps large pictures in small chunks from being searched from the
// start again and again: only where an end can be, or at the first bytes.
func (d *pictureDecoder) worthCutting() bool {
	if len(d.held) == 0 || len(d.held) == d.looked {
		return false
	}
	if d.looked < len(d.codec.magic) || len(d.held) > d.codec.maxBytes {
		return true
	}
	from := max(0, d.looked-len(d.codec.end)-d.codec.tail)
	if bytes.Contains(d.held[from:], d.codec.end) {
		return true
	}
	d.looked = len(d.held)
	return false
}

// advance forgets the first n of the held bytes.
func (d *pictureDecoder) advance(n int) {
	d.held = append(d.held[:0], d.held[n:]...)
	d.looked = 0
}

// resync goes on at the next beginning of a picture. Padding between pictures is
// no error; a stream that begins with something else never was of this codec.
func (d *pictureDecoder) resync(c *eiengine.Ctx, reason error) error {
	if d.decoded+d.failed == 0 && !bytes.HasPrefix(d.held, d.codec.magic) {
		return eiengine.Fatal(fmt.Errorf("this is not %s: %s; decodebin chooses a decoder by itself", d.codec.name, describeHead(d.held)))
	}
	skip := bytes.Index(d.held[1:], d.codec.magic) + 1
	if skip == 0 { // none, but one may begin with the last bytes
		skip = max(1, len(d.held)-len(d.codec.magic)+1)
		for skip < len(d.held) && !bytes.HasPrefix(d.codec.magic, d.held[skip:]) {
			skip++
		}
	}
	if len(bytes.Trim(d.held[:skip], "\x00")) > 0 {
		c.Warn(fmt.Errorf("%d bytes that are no %s picture were left out: %w", skip, d.codec.name, reason))
	}
	d.advance(skip)
	return nil
}

// picture decodes one whole picture and pushes it. A picture that cannot be
// decoded is told and left out.
func (d *pictureDecoder) picture(c *eiengine.Ctx, data []byte) error {
	p, maxErrors := d.settings()
	if p.DiscardCorruptedFrames && d.first.corrupted {
		d.decoded++
		return nil
	}
	if pts, _, _ := d.times(); p.QoS && c.TooLate(pts) {
		d.decoded++
		return nil
	}
	err := d.decodePicture(c, data)
	if e, ok := err.(*pictureError); ok {
		d.failed++
		d.inARow++
		d.lastError = e.err
		if maxErrors > 0 && d.inARow >= maxErrors {
			return eiengine.Fatal(fmt.Errorf("%d %s pictures in a row could not be decoded, the last because: %w; max-errors=0 would leave them out", d.inARow, d.codec.name, e.err))
		}
		c.Warn(fmt.Errorf("%s picture %d was left out: %w", d.codec.name, d.decoded+d.failed, e.err))
		return nil
	}
	return err
}

// pictureError is an error of one picture, not of the stream.
type pictureError struct{ err error }

func (e *pictureError) Error() string { return e.err.Error() }

func (d *pictureDecoder) decodePicture(c *eiengine.Ctx, data []byte) error {
	info, err := d.codec.config(data)
	if err != nil {
		return &pictureError{err}
	}
	info.FPS = d.fps
	if d.format == nil || info != d.info {
		format, err := frames.VideoFormat(info)
		if err != nil {
			return &pictureError{err}
		}
		if err := c.SetFormat(0, format); err != nil {
			return err
		}
		d.format, d.info = format, info
	}
	out, err := c.NewBuffer(d.format, d.format.FrameSize())
	switch {
	case errors.Is(err, eiengine.ErrFlushing):
		return err
	case err != nil: // larger than the memory budget
		return &pictureError{err}
	}
	dst := out.Picture()
	if err := d.decode(&dst, data); err != nil {
		out.Release()
		return &pictureError{err}
	}
	out.PTS, out.Duration, out.Mono = d.times()
	out.Seq = uint64(d.decoded + d.failed)
	if d.first.corrupted {
		out.Flags |= frames.Corrupted
	}
	d.decoded++
	d.inARow = 0
	return c.Push(0, out)
}

// times are those of the chunk, or counted by the frame rate. A stream without
// both begins at 0, and what follows has no time.
func (d *pictureDecoder) times() (pts, duration, mono time.Duration) {
	n := int64(d.decoded + d.failed)
	switch {
	case d.first.pts >= 0:
		return d.first.pts, d.first.duration, d.first.mono
	case d.fps.Num > 0:
		return d.fps.Time(n), d.fps.Time(n+1) - d.fps.Time(n), d.first.mono
	case n == 0:
		return 0, frames.NoTime, d.first.mono
	}
	return frames.NoTime, frames.NoTime, d.first.mono
}

// Drain implements eiengine.Drainer: a picture that is held now is cut off.
func (d *pictureDecoder) Drain(*eiengine.Ctx) error {
	name, left := d.codec.name, len(d.held)
	d.held, d.looked = d.held[:0], 0
	switch {
	case d.total == 0:
		return eiengine.Fatal(fmt.Errorf("the input is empty, 0 bytes: a %s picture was expected; check that the file was written", name))
	case left > 0 && d.decoded == 0:
		return eiengine.Fatal(fmt.Errorf("the %s picture is truncated: the input ends after %d bytes of it; copy or save it again", name, left))
	case left > 0:
		return fmt.Errorf("the last %s picture is truncated and was left out: the input ends after %d bytes of it", name, left)
	case d.decoded == 0:
		return eiengine.Fatal(fmt.Errorf("none of %d %s pictures could be decoded, the last because: %w", d.failed, name, d.lastError))
	}
	return nil
}
