//go:build linux && (amd64 || arm64) && !nodlopen && !(cgo && portaudio)

package portaudio

import (
	"fmt"
	"unsafe"

	"github.com/ebitengine/purego"

	"github.com/eiengine/eiengine/capture/pcm"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/internal/cmem"
)

// backend is how this build reaches PortAudio.
const backend = "opened at run time"

// library is PortAudio's, without which there are no streams.
type library struct {
	versionText, errorText, hostErrorInfo, initialize, terminate  uintptr
	deviceCount, defaultInput, defaultOutput, deviceInfo, apiInfo uintptr
	start, stop, abort, close, read, write, canRead, canWrite     uintptr
	streamInfo                                                    uintptr
	// These take numbers with a fraction, which go by other registers.
	formatSupported func(in, out *streamParameters, rate float64) int32
	openStream      func(stream *uintptr, in, out *streamParameters, rate float64, block, flags, callback, data uintptr) int32
}

func load() (*library, error) {
	handle, err := purego.Dlopen("libportaudio.so.2", purego.RTLD_NOW|purego.RTLD_LOCAL)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoLibrary, err)
	}
	l := new(library)
	for _, f := range []struct {
		name string
		into *uintptr
	}{
		{"Pa_GetVersionText", &l.versionText}, {"Pa_GetErrorText", &l.errorText}, {"Pa_GetLastHostErrorInfo", &l.hostErrorInfo},
		{"Pa_Initialize", &l.initialize}, {"Pa_Terminate", &l.terminate}, {"Pa_GetDeviceCount", &l.deviceCount},
		{"Pa_GetDefaultInputDevice", &l.defaultInput}, {"Pa_GetDefaultOutputDevice", &l.defaultOutput},
		{"Pa_GetDeviceInfo", &l.deviceInfo}, {"Pa_GetHostApiInfo", &l.apiInfo}, {"Pa_StartStream", &l.start},
		{"Pa_StopStream", &l.stop}, {"Pa_AbortStream", &l.abort}, {"Pa_CloseStream", &l.close}, {"Pa_ReadStream", &l.read},
		{"Pa_WriteStream", &l.write}, {"Pa_GetStreamReadAvailable", &l.canRead}, {"Pa_GetStreamWriteAvailable", &l.canWrite},
		{"Pa_GetStreamInfo", &l.streamInfo},
	} {
		if *f.into, err = purego.Dlsym(handle, f.name); err != nil {
			return nil, fmt.Errorf("libportaudio.so.2 is older than version 19: %w", err)
		}
	}
	purego.RegisterLibFunc(&l.formatSupported, handle, "Pa_IsFormatSupported")
	purego.RegisterLibFunc(&l.openStream, handle, "Pa_OpenStream")
	return l, nil
}

// call returns what a function does as an int of C.
//
//go:uintptrescapes
func call(function uintptr, args ...uintptr) int {
	result, _, _ := purego.SyscallN(function, args...)
	return int(int32(result))
}

// check makes an error of a negative result.
func (l *library) check(result int) error {
	if result >= 0 {
		return nil
	}
	text, _, _ := purego.SyscallN(l.errorText, uintptr(result))
	e := &callError{code: result, text: cmem.Text(text)}
	if result == codeHostError {
		// PaHostErrorInfo: what kind of system, its number of the error, its words.
		if info, _, _ := purego.SyscallN(l.hostErrorInfo); info != 0 {
			host := (*struct {
				api  int32
				code int
				text uintptr
			})(cmem.At(info))
			e.text += ": " + cmem.Text(host.text)
		}
	}
	return e
}

func (l *library) version() string {
	text, _, _ := purego.SyscallN(l.versionText)
	return cmem.Text(text)
}

func (l *library) begin() error { return l.check(call(l.initialize)) }
func (l *library) end() error   { return l.check(call(l.terminate)) }

// deviceInfo is PaDeviceInfo.
type deviceInfo struct {
	version         int32
	name            uintptr
	api             int32
	inputs, outputs int32
	latencies       [4]float64
	rate            float64
}

// apiInfo is the beginning of PaHostApiInfo.
type apiInfo struct {
	version, kind int32
	name          uintptr
}

func (l *library) devices() ([]Device, error) {
	n := call(l.deviceCount)
	if err := l.check(n); err != nil {
		return nil, err
	}
	in, out := call(l.defaultInput), call(l.defaultOutput)
	var all []Device
	for i := range n {
		at, _, _ := purego.SyscallN(l.deviceInfo, uintptr(i))
		if at == 0 {
			continue
		}
		info := (*deviceInfo)(cmem.At(at))
		d := Device{
			Index: i, Name: cmem.Text(info.name), Inputs: int(info.inputs), Outputs: int(info.outputs), Rate: int(info.rate),
			DefaultInput: i == in, DefaultOutput: i == out,
		}
		if at, _, _ := purego.SyscallN(l.apiInfo, uintptr(info.api)); at != 0 {
			d.API = cmem.Text((*apiInfo)(cmem.At(at)).name)
		}
		all = append(all, d)
	}
	return all, nil
}

// streamParameters is PaStreamParameters.
type streamParameters struct {
	device, channels int32
	format           uintptr
	latency          float64
	_                uintptr // what only some systems have
}

// sampleFormats are PortAudio's numbers of the engine's sample formats.
var sampleFormats = map[frames.SampleFormat]uintptr{frames.F32LE: 1, frames.S32LE: 2, frames.S24LE: 4, frames.S16LE: 8, frames.U8: 0x20}

// parameters are those of both directions: nil for the one that is not meant.
func parameters(o *streamOptions) (in, out *streamParameters) {
	p := &streamParameters{
		device: int32(o.device.Index), channels: int32(o.audio.Channels), format: sampleFormats[o.audio.Format], latency: o.latency.Seconds(),
	}
	if o.direction == pcm.Capture {
		return p, nil
	}
	return nil, p
}

// supports says why a device cannot be used like that, nil if it can.
func (l *library) supports(o *streamOptions) error {
	in, out := parameters(o)
	return l.check(int(l.formatSupported(in, out, float64(o.audio.Rate))))
}

// stream is an open one.
type stream struct {
	lib     *library
	handle  uintptr
	options *streamOptions
}

func (l *library) open(o *streamOptions) (*stream, error) {
	in, out := parameters(o)
	s := &stream{lib: l, options: o}
	return s, l.check(int(l.openStream(&s.handle, in, out, float64(o.audio.Rate), uintptr(o.period), 0, 0, 0)))
}

func (s *stream) start() error { return s.lib.check(call(s.lib.start, s.handle)) }
func (s *stream) stop() error  { return s.lib.check(call(s.lib.stop, s.handle)) }
func (s *stream) abort() error { return s.lib.check(call(s.lib.abort, s.handle)) }
func (s *stream) close() error { return s.lib.check(call(s.lib.close, s.handle)) }

// read fills the block.
func (s *stream) read() error {
	return s.lib.check(call(s.lib.read, s.handle, uintptr(unsafe.Pointer(&s.options.block[0])), uintptr(s.options.period)))
}

// write plays the first samples of the block.
func (s *stream) write(samples int) error {
	return s.lib.check(call(s.lib.write, s.handle, uintptr(unsafe.Pointer(&s.options.block[0])), uintptr(samples)))
}

// available is how many samples can be read, or written, without waiting.
func (s *stream) available() int {
	if s.options.direction == pcm.Capture {
		return max(call(s.lib.canRead, s.handle), 0)
	}
	return max(call(s.lib.canWrite, s.handle), 0)
}

// latency is how many seconds of sound wait in the device, as PortAudio sees it.
func (s *stream) latency() float64 {
	at, _, _ := purego.SyscallN(s.lib.streamInfo, s.handle)
	if at == 0 {
		return 0
	}
	info := (*struct {
		version             int32
		input, output, rate float64
	})(cmem.At(at))
	return max(info.input, info.output)
}
