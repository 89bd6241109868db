package pcm

import (
	"fmt"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/eiengine/eiengine/frames"
)

// Abilities is what a device can be set to.
type Abilities struct {
	Formats                  []frames.SampleFormat // the one that holds most first
	Rates                    []int                 // the usual ones that it has, samples a second
	MinRate, MaxRate         int
	OnlyRates                bool // no others than Rates
	MinChannels, MaxChannels int
	Card, Name               string // what card and device are called; may be empty
}

var usualRates = []int{8000, 11025, 16000, 22050, 24000, 32000, 44100, 48000, 88200, 96000, 176400, 192000}

// Abilities asks the device. Not every combination of what it can do need work.
func (p *PCM) Abilities() (*Abilities, error) {
	params, err := p.space()
	if err != nil {
		return nil, err
	}
	defer p.lib.call(fnHWFree, params)
	a := new(Abilities)
	for _, f := range frames.SampleFormats() {
		if p.lib.call(fnHWTestFormat, p.handle, params, formats[f]) >= 0 {
			a.Formats = append(a.Formats, f)
		}
	}
	for _, rate := range usualRates {
		if p.lib.call(fnHWTestRate, p.handle, params, uintptr(rate), 0) >= 0 {
			a.Rates = append(a.Rates, rate)
		}
	}
	if len(a.Formats) == 0 {
		return nil, fmt.Errorf("sound device %q takes none of the sample formats %v: its name with plughw: instead of hw: has them converted", p.device, frames.SampleFormats())
	}
	for _, ask := range []struct {
		fn   function
		into *int
	}{
		{fnHWGetRateMin, &a.MinRate}, {fnHWGetRateMax, &a.MaxRate}, {fnHWGetChannelsMin, &a.MinChannels}, {fnHWGetChannelsMax, &a.MaxChannels},
	} {
		var value uint32
		var dir int32 // of rates only; whoever asks for channels does not look at it
		if err := p.check("say what it can do", p.lib.call(ask.fn, params, uintptr(unsafe.Pointer(&value)), uintptr(unsafe.Pointer(&dir)))); err != nil {
			return nil, err
		}
		*ask.into = int(min(value, 1<<31-1))
	}
	a.Card, a.Name = p.names()
	return a, nil
}

// AnyCaps is all raw sound that devices may give and take.
func AnyCaps() frames.Caps {
	return frames.MustCaps("audio/x-raw,format={F64LE,F32LE,S32LE,S24LE,S16LE,U8},layout=interleaved,rate=[1,2147483647],channels=[1,2147483647]")
}

// Caps are the abilities as caps of audio/x-raw.
func (a *Abilities) Caps() frames.Caps {
	var formats frames.List
	for _, f := range a.Formats {
		formats = append(formats, frames.String(f.String()))
	}
	return frames.NewCaps(frames.Structure{Media: frames.AudioRaw, Fields: []frames.Field{
		{Name: "format", Value: formats},
		{Name: "layout", Value: frames.String("interleaved")},
		{Name: "rate", Value: a.rates()},
		{Name: "channels", Value: span(a.MinChannels, a.MaxChannels)},
	}})
}

func (a *Abilities) rates() frames.Value {
	if !a.OnlyRates || len(a.Rates) < 2 {
		return span(a.MinRate, a.MaxRate)
	}
	var list frames.List
	for _, rate := range a.Rates {
		list = append(list, frames.Int(rate))
	}
	return list
}

func span(low, high int) frames.Value {
	if low == high {
		return frames.Int(low)
	}
	return frames.IntRange{Min: low, Max: high}
}

// space is everything that the device could be set to; it must be freed.
func (p *PCM) space() (params uintptr, err error) {
	if err := p.check("set it", p.lib.call(fnHWMalloc, uintptr(unsafe.Pointer(&params)))); err != nil {
		return 0, err
	}
	err = p.check("say what it can do", p.lib.call(fnHWAny, p.handle, params))
	if err == nil {
		err = p.check("take samples of all channels together", p.lib.call(fnHWSetAccess, p.handle, params, rwInterleaved))
	}
	if err != nil {
		p.lib.call(fnHWFree, params)
		return 0, err
	}
	return params, nil
}

// names are what card and device are called.
func (p *PCM) names() (card, device string) {
	p.info(func(info uintptr) {
		if n := p.lib.call(fnInfoGetCard, info); n >= 0 {
			card = p.lib.cardName(n)
		}
		device = p.lib.text(fnInfoGetName, info)
	})
	return card, device
}

// card is the number of the card whose device it is, -1 if there is none.
func (p *PCM) card() int {
	n := -1
	p.info(func(info uintptr) { n = p.lib.call(fnInfoGetCard, info) })
	return n
}

// info has a device described, for the length of a call.
func (p *PCM) info(read func(info uintptr)) {
	var info uintptr
	if p.lib.call(fnInfoMalloc, uintptr(unsafe.Pointer(&info))) < 0 {
		return
	}
	defer p.lib.call(fnInfoFree, info)
	if p.lib.call(fnInfo, p.handle, info) >= 0 {
		read(info)
	}
}

// Setup is what a device was set to.
type Setup struct {
	Period, Buffer int // samples of each channel
}

// Configure sets format, rate and channels exactly, and the lengths as near as the
// device can: period is how much it handles at once, buffer how much may wait. It may
// be called again between streams.
func (p *PCM) Configure(audio frames.AudioInfo, period, buffer time.Duration) (Setup, error) {
	if p.running {
		p.do(fnDrop, nil, 0)
		p.running = false
	}
	if p.runner != nil && p.runner.hung {
		return Setup{}, p.check("be set", -int(unix.ETIMEDOUT))
	}
	params, err := p.space()
	if err != nil {
		return Setup{}, err
	}
	defer func() {
		if p.runner == nil || !p.runner.hung { // a call that was given up may use them yet
			p.lib.call(fnHWFree, params)
		}
	}()
	exact := []struct {
		fn    function
		value uintptr
		what  string
	}{
		{fnHWSetFormat, formats[audio.Format], "take samples of " + audio.Format.String()},
		{fnHWSetChannels, uintptr(audio.Channels), fmt.Sprintf("have %d channels", audio.Channels)},
		{fnHWSetRate, uintptr(audio.Rate), fmt.Sprintf("run at %d samples a second", audio.Rate)},
	}
	for _, e := range exact {
		if err := p.check(e.what, p.lib.call(e.fn, p.handle, params, e.value, 0)); err != nil {
			return Setup{}, err
		}
	}
	for _, near := range []struct {
		fn   function
		time time.Duration
	}{{fnHWSetBufferTime, buffer}, {fnHWSetPeriodTime, period}} {
		micros, dir := uint32(min(near.time.Microseconds(), 1<<31)), int32(0)
		if err := p.check(fmt.Sprintf("buffer %v", near.time), p.lib.call(near.fn, p.handle, params, uintptr(unsafe.Pointer(&micros)), uintptr(unsafe.Pointer(&dir)))); err != nil {
			return Setup{}, err
		}
	}
	if err := p.check(fmt.Sprintf("be set to %v", audio), p.set(params)); err != nil {
		return Setup{}, err
	}
	var periodSize, bufferSize uint64
	var dir int32
	if err := p.check("say its period", p.lib.call(fnHWGetPeriodSize, params, uintptr(unsafe.Pointer(&periodSize)), uintptr(unsafe.Pointer(&dir)))); err != nil {
		return Setup{}, err
	}
	if err := p.check("say its buffer", p.lib.call(fnHWGetBufferSize, params, uintptr(unsafe.Pointer(&bufferSize)))); err != nil {
		return Setup{}, err
	}
	p.audio = audio
	p.setup = Setup{Period: int(periodSize), Buffer: int(bufferSize)}
	return p.setup, p.thresholds()
}

// thresholds has the device start to play when it has two periods. It is not the whole
// buffer, since sound servers wait for as much again after they ran dry, which is for
// ever where less than that fits in.
func (p *PCM) thresholds() error {
	var params uintptr
	if err := p.check("set it", p.lib.call(fnSWMalloc, uintptr(unsafe.Pointer(&params)))); err != nil {
		return err
	}
	defer p.lib.call(fnSWFree, params)
	start := min(2*p.setup.Period, p.setup.Buffer)
	for _, step := range []int{
		p.lib.call(fnSWCurrent, p.handle, params),
		p.lib.call(fnSWSetStart, p.handle, params, uintptr(start)),
		p.lib.call(fnSWSetAvailMin, p.handle, params, uintptr(p.setup.Period)),
		p.lib.call(fnSW, p.handle, params),
	} {
		if err := p.check("set when it starts", step); err != nil {
			return err
		}
	}
	return nil
}
