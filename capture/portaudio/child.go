package portaudio

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/eiengine/eiengine/capture/pcm"
	"github.com/eiengine/eiengine/frames"
)

// childName is the name that the child is started under, which no shell gives by
// accident; a variable would be inherited by what it starts.
const childName = "eiengine-portaudio"

// Where the child finds its connection: its outputs belong to libraries that print.
const (
	downFD = 3 // from the parent
	upFD   = 4 // to the parent
)

func init() {
	if len(os.Args) > 0 && os.Args[0] == childName {
		beChild()
	}
}

// leaveGrace is how long PortAudio may take to close a device in good order, when the
// parent has hung up.
const leaveGrace = 300 * time.Millisecond

// longestPeriod is much shorter than a device may be silent: a block is sent when it is whole.
const longestPeriod = 500 * time.Millisecond

// streamOptions are what a stream is opened with.
type streamOptions struct {
	device    *Device
	direction pcm.Direction
	audio     frames.AudioInfo
	period    int // samples of each channel in the block
	latency   time.Duration
	block     []byte // what is read into, or written from
}

// request is a message from the parent.
type request struct {
	head
	payload []byte
}

// child is the life of the process that calls PortAudio.
type child struct {
	up       *os.File
	requests chan request
	lib      *library
	device   *Device
	way      pcm.Direction
	stream   *stream
	options  *streamOptions
	message  []byte // head and block, sent at once
	running  bool
	asked    uint64 // number of the request
	losses   uint64 // overflows, or underflows
	taken    uint64 // samples that were played
	room     int    // how many samples the device holds
}

// beChild does what the parent asks for, until it hangs up. It never returns.
func beChild() {
	unix.CloseOnExec(downFD)
	unix.CloseOnExec(upFD)
	c := &child{up: os.NewFile(upFD, "up"), requests: make(chan request)}
	go c.listen(os.NewFile(downFD, "down"))
	for {
		r, ok := c.next()
		if !ok {
			break
		}
		if err := c.obey(r); err != nil && !c.fail(err) {
			break
		}
	}
	c.closeStream()
	if c.lib != nil {
		_ = c.lib.end() // there is nobody to tell
	}
	leave()
}

// leave ends the process at once: what runs at the end of a program, such as that of
// the race detector, is for others.
func leave() {
	for {
		_, _, _ = syscall.RawSyscall(syscall.SYS_EXIT_GROUP, 0, 0, 0)
	}
}

// listen hands on what the parent says, and sees to it that the process ends with the
// connection, whatever PortAudio is busy with. Two payloads take turns: the one before
// is done with when the next request is taken.
func (c *child) listen(down io.Reader) {
	var heads [headSize]byte
	var payloads [2][]byte
	for n := 0; ; n ^= 1 {
		if _, err := io.ReadFull(down, heads[:]); err != nil {
			break
		}
		r := request{head: parseHead(heads[:])}
		if cap(payloads[n]) < int(r.size) {
			payloads[n] = make([]byte, r.size)
		}
		r.payload = payloads[n][:r.size]
		if _, err := io.ReadFull(down, r.payload); err != nil {
			break
		}
		c.requests <- r
	}
	time.AfterFunc(leaveGrace, leave)
	close(c.requests)
}

// next gives the next request. While there is none, a running device is read.
func (c *child) next() (request, bool) {
	for c.running && c.way == pcm.Capture {
		select {
		case r, ok := <-c.requests:
			return r, ok
		default:
		}
		if err := c.record(); err != nil {
			c.running = false
			if !c.fail(err) {
				return request{}, false
			}
		}
	}
	r, ok := <-c.requests
	return r, ok
}

func (c *child) obey(r request) error {
	c.asked = r.number
	switch r.kind {
	case msgDevices:
		all, err := c.list()
		return c.done(all, err)
	case msgOpen:
		reply, err := c.open(r.payload)
		return c.done(reply, err)
	case msgConfigure:
		setup, err := c.configure(r.payload)
		return c.done(setup, err)
	case msgStart:
		return c.start(r.number)
	case msgStop, msgDrop:
		return c.halt((*stream).abort)
	case msgDrain:
		err := c.halt((*stream).stop)
		return c.done(nil, err)
	case msgSamples:
		return c.play(r.payload)
	}
	return fmt.Errorf("message %d is not known: start the program again, its file was replaced", r.kind)
}

// send writes one message at once.
func (c *child) send(h head, payload any) error {
	b, err := json.Marshal(payload)
	if err != nil {
		return err
	}
	h.size = uint32(len(b))
	message := append(make([]byte, headSize), b...)
	h.put(message)
	_, err = c.up.Write(message)
	return err
}

// done answers a request. What is wrong is said by fail.
func (c *child) done(reply any, err error) error {
	if err != nil {
		return err
	}
	return c.send(head{kind: msgDone, number: c.asked}, reply)
}

// fail tells the parent of an error, and reports whether it could.
func (c *child) fail(err error) bool {
	f := failure{NoLibrary: errors.Is(err, ErrNoLibrary), Text: err.Error(), Doing: "go on"}
	if d, ok := errors.AsType[*doingError](err); ok {
		f.Doing, f.Text = d.doing, d.error.Error()
	}
	if e, ok := errors.AsType[*callError](err); ok {
		f.Code, f.Text = e.code, e.text
	}
	return c.send(head{kind: msgFailed}, f) == nil
}

// doingError is an error with what was attempted.
type doingError struct {
	error
	doing string
}

func (e *doingError) Unwrap() error { return e.error }

func doing(what string, err error) error {
	if err == nil {
		return nil
	}
	return &doingError{err, what}
}

// list begins to use PortAudio and asks for its devices.
func (c *child) list() ([]Device, error) {
	if c.lib == nil {
		lib, err := load()
		if err != nil {
			return nil, doing("be used", err)
		}
		if err := lib.begin(); err != nil {
			return nil, doing("begin", err)
		}
		c.lib = lib
	}
	all, err := c.lib.devices()
	return all, doing("list devices", err)
}

func (c *child) open(payload []byte) (*openReply, error) {
	var o openRequest
	if err := json.Unmarshal(payload, &o); err != nil {
		return nil, err
	}
	all, err := c.list()
	if err != nil {
		return nil, err
	}
	d, err := find(all, o.Device, o.Direction)
	if err != nil {
		return nil, doing("open", err)
	}
	c.device, c.way = d, o.Direction
	rates, err := c.rates()
	if err != nil {
		return nil, doing("open", err)
	}
	reply := &openReply{Name: d.Name, Abilities: pcm.Abilities{
		// PortAudio converts between these.
		Formats: []frames.SampleFormat{frames.F32LE, frames.S32LE, frames.S24LE, frames.S16LE, frames.U8},
		MinRate: rates[0], MaxRate: rates[len(rates)-1], Rates: rates, OnlyRates: c.takes(oddRate) != nil,
		MinChannels: 1, MaxChannels: d.channels(o.Direction), Name: d.Name, Card: d.API,
	}}
	return reply, nil
}

// usualRates are those that devices have, and oddRate one that only those take which
// convert.
var usualRates = []int{8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 88200, 96000, 176400, 192000}

const oddRate = 12347

// rates are those of the usual ones that the device has, at least one.
func (c *child) rates() (rates []int, err error) {
	for _, rate := range usualRates {
		refused := c.takes(rate)
		switch {
		case refused == nil:
			rates = append(rates, rate)
		case !failedWith(refused, codeInvalidSampleRate):
			err = refused
		}
	}
	if len(rates) == 0 && err == nil {
		err = errors.New("it has none of the usual rates, 8000 to 192000 samples a second")
	}
	if len(rates) > 0 {
		err = nil
	}
	return rates, err
}

// takes says why the device cannot run at a rate, nil if it can.
func (c *child) takes(rate int) error {
	return c.lib.supports(&streamOptions{
		device: c.device, direction: c.way, latency: 200 * time.Millisecond,
		audio: frames.AudioInfo{Format: frames.S16LE, Rate: rate, Channels: min(2, c.device.channels(c.way))},
	})
}

func (c *child) configure(payload []byte) (*pcm.Setup, error) {
	var o configureRequest
	if err := json.Unmarshal(payload, &o); err != nil {
		return nil, err
	}
	c.closeStream()
	audio := frames.AudioInfo{Format: o.Format, Rate: o.Rate, Channels: o.Channels}
	period := max(int(min(o.Period, longestPeriod)*time.Duration(o.Rate)/time.Second), 1)
	c.message = make([]byte, headSize+period*audio.FrameBytes())
	c.options = &streamOptions{device: c.device, direction: c.way, audio: audio, period: period, latency: o.Buffer, block: c.message[headSize:]}
	s, err := c.lib.open(c.options)
	if err != nil {
		return nil, doing(fmt.Sprintf("be set to %v", audio), err)
	}
	c.stream = s
	// PortAudio's latency is what waits beside the block that is under way.
	c.room = max(int(s.latency()*float64(o.Rate)), 0) + period
	return &pcm.Setup{Period: period, Buffer: c.room}, nil
}

// closeStream ends what is under way. What cannot be closed is not used any more.
func (c *child) closeStream() {
	if c.stream == nil {
		return
	}
	if c.running {
		_ = c.stream.abort()
	}
	_ = c.stream.close()
	c.stream, c.running = nil, false
}

func (c *child) start(number uint64) error {
	if c.stream == nil {
		return doing("start", errors.New("it was not configured"))
	}
	if !c.running {
		if err := c.stream.start(); err != nil {
			return doing("start", err)
		}
		c.running = true
	}
	return c.send(head{kind: msgStarted, number: number}, nil)
}

// halt stops the stream.
func (c *child) halt(how func(*stream) error) error {
	if !c.running {
		return nil
	}
	c.running = false
	return doing("stop", how(c.stream))
}

// record reads a block and sends it.
func (c *child) record() error {
	err := c.stream.read()
	if failedWith(err, codeInputOverflowed) {
		c.losses++ // before these samples, which are good
	} else if err != nil {
		return doing("read", err)
	}
	age := c.options.audio.Duration(c.options.period + c.stream.available())
	h := head{kind: msgSamples, size: uint32(len(c.options.block)), number: c.losses, stamp: monotonic() - int64(age)}
	h.put(c.message)
	_, err = c.up.Write(c.message)
	return err
}

// play gives samples to the device, and says when they will have been heard.
func (c *child) play(payload []byte) error {
	if c.stream == nil || len(payload) > len(c.options.block) || len(payload) == 0 {
		return doing("play", fmt.Errorf("%d bytes are not what it was configured for", len(payload)))
	}
	if !c.running {
		if err := c.stream.start(); err != nil {
			return doing("start", err)
		}
		c.running = true
		c.room = max(c.room, c.stream.available())
	}
	n := copy(c.options.block, payload) / c.options.audio.FrameBytes()
	err := c.stream.write(n)
	if failedWith(err, codeOutputUnderflowed) {
		c.losses++ // before these samples, which were taken
	} else if err != nil {
		c.running = false
		return doing("write to", err)
	}
	c.taken += uint64(n)
	queued := c.options.audio.Duration(max(c.room-c.stream.available(), 0))
	h := head{kind: msgTaken, number: c.losses, samples: c.taken, stamp: monotonic() + int64(queued)}
	var b [headSize]byte
	h.put(b[:])
	_, err = c.up.Write(b[:])
	return err
}
