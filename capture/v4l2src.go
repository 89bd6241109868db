package capture

import (
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/capture/v4l2"
	"github.com/eiengine/eiengine/frames"
)

func init() {
	eiengine.Register(eiengine.Factory{
		Name: "v4l2src", LongName: "Video (video4linux2) Source", Class: "Source/Video",
		Description: "Captures from a camera, and goes on when it is plugged in again",
		Pads:        []eiengine.PadTemplate{eiengine.SrcPad(v4l2Template())},
		New:         func() eiengine.Element { return new(v4l2Src) },
		Rank:        256,
	})
}

type v4l2SrcProps struct {
	eiengine.SourceProps
	BlockSize uint   `prop:"blocksize" default:"4096" doc:"Accepted without effect: a buffer is a picture"`
	Device    string `prop:"device" default:"/dev/video0" doc:"The camera: its node, or its id, which eiengine devices tells and which stays when nodes change"`
	IOMode    v4l2IO `prop:"io-mode" default:"auto" doc:"How pictures come: always in the driver's memory, without a copy, which auto, mmap and dmabuf are; the others are refused"`

	ExtraControls frames.Structure `prop:"extra-controls,live" doc:"Controls of the camera by name, such as c,exposure_time_absolute=300,power_line_frequency=1; eiengine devices lists them"`
	Brightness    int              `prop:"brightness,live" default:"0" doc:"Brightness, in the camera's numbers; 0 before the start leaves it as the camera has it"`
	Contrast      int              `prop:"contrast,live" default:"0" doc:"Contrast, in the camera's numbers; 0 before the start leaves it as the camera has it"`
	Hue           int              `prop:"hue,live" default:"0" doc:"Hue, in the camera's numbers; 0 before the start leaves it as the camera has it"`
	Saturation    int              `prop:"saturation,live" default:"0" doc:"Saturation, in the camera's numbers; 0 before the start leaves it as the camera has it"`

	Norm             v4l2Norm `prop:"norm" default:"none" doc:"The standard of an analogue input; none leaves it as it is"`
	PixelAspectRatio string   `prop:"pixel-aspect-ratio" null:"null" doc:"The shape of a pixel, width/height, in place of what the camera says"`
	ForceAspectRatio bool     `prop:"force-aspect-ratio" default:"true" doc:"Say the shape of a pixel in the caps"`

	reconnectProps
	StallTimeout uint `prop:"stall-timeout" default:"900" doc:"Milliseconds without a picture after which the camera is said to be stalled, at least three pictures' time; 0 for never"`

	DeviceFD   int        `prop:"device-fd,readonly" default:"-1" min:"-1" doc:"File descriptor of the camera while it is open, otherwise -1"`
	DeviceName string     `prop:"device-name,readonly" null:"null" doc:"What the camera is called while it is open"`
	Flags      v4l2Device `prop:"flags,readonly" doc:"What the open device is for"`

	PrepareFormat eiengine.Signal[func(fd int, caps frames.Caps)] `signal:"prepare-format" doc:"The format is known and will be set next on this file descriptor"`
}

// v4l2Src captures. The camera is opened at ready; it begins to stream with the first
// Read, so that a paused pipeline starts with fresh pictures.
type v4l2Src struct {
	eiengine.Settings[v4l2SrcProps]

	camera  atomic.Pointer[v4l2.Camera] // nil while there is none
	limit   atomic.Pointer[frames.Caps] // what the camera can do; nil while it is not open
	period  atomic.Int64                // nanoseconds from picture to picture, 0 if not known
	resumed atomic.Int64                // when playing began, on the clock of v4l2.Now
	before  atomic.Pointer[v4l2.Stats]  // of cameras that were closed since the start

	info    v4l2.CameraInfo
	format  *frames.Format
	request v4l2.Request
	set     v4l2.Format
	stream  v4l2Stream
	away    absence
}

// v4l2Stream is what Read remembers.
type v4l2Stream struct {
	running  bool
	fresh    bool // has given no picture since it runs
	seq      uint64
	pictures uint64 // given since the start
	discont  bool
	stalls   int // in a row
	engine   clockOffset
	pipeline clockOffset
}

// SourceSettings implements eiengine.SourceSettings.
func (s *v4l2Src) SourceSettings() eiengine.SourceProps { return s.Load().SourceProps }

// IsLive implements eiengine.Live.
func (s *v4l2Src) IsLive() bool { return true }

// Latency implements eiengine.Latency: a picture is there when its last row is.
func (s *v4l2Src) Latency() time.Duration {
	return time.Duration(s.period.Load())
}

// Open implements eiengine.Opener.
func (s *v4l2Src) Open(*eiengine.Ctx) error {
	p := s.Load()
	switch p.IOMode {
	case v4l2ReadWrite, v4l2UserPtr, v4l2Import:
		return fmt.Errorf("io-mode=%s is not offered: leave it at auto, which copies nothing", p.IOMode.nick())
	}
	path, err := s.path(p.Device)
	if err != nil {
		return err
	}
	camera, err := v4l2.Open(path)
	if err != nil {
		return err
	}
	if err := s.opened(camera); err != nil {
		return errors.Join(err, camera.Close())
	}
	return nil
}

// path is the node of a device that is named by its node or its id.
func (s *v4l2Src) path(device string) (string, error) {
	if strings.HasPrefix(device, "/") || !strings.Contains(device, ":") {
		return device, nil
	}
	path, err := v4l2.Find(device, "")
	if err != nil {
		return "", fmt.Errorf("%w: eiengine devices lists those that are there", err)
	}
	return path, nil
}

func (s *v4l2Src) opened(camera *v4l2.Camera) error {
	if err := s.standard(camera); err != nil {
		return err
	}
	if err := s.applyControls(camera); err != nil {
		return err
	}
	caps, err := s.capsOf(camera)
	if err != nil {
		return err
	}
	s.info = camera.Info()
	s.camera.Store(camera)
	s.limit.Store(&caps)
	return nil
}

func (s *v4l2Src) standard(camera *v4l2.Camera) error {
	if norm := s.Load().Norm; norm != 0 {
		return camera.SetStandard(uint64(norm))
	}
	return nil
}

// Close implements eiengine.Opener.
func (s *v4l2Src) Close(*eiengine.Ctx) error {
	s.limit.Store(nil)
	return s.forget()
}

// forget closes the camera, and keeps its counts.
func (s *v4l2Src) forget() error {
	camera := s.camera.Swap(nil)
	if camera == nil {
		return nil
	}
	camera.Stop()
	stats := camera.Stats()
	if before := s.before.Load(); before != nil {
		stats = sum(*before, stats)
	}
	s.before.Store(&stats)
	return camera.Close()
}

// Start implements eiengine.Starter.
func (s *v4l2Src) Start(*eiengine.Ctx) error {
	s.format, s.stream, s.away = nil, v4l2Stream{}, absence{}
	s.before.Store(new(v4l2.Stats))
	return nil
}

// Stop implements eiengine.Starter. Frames that somebody still holds stay valid.
func (s *v4l2Src) Stop(*eiengine.Ctx) error {
	if camera := s.camera.Load(); camera != nil {
		camera.Stop()
	}
	return nil
}

// Playing implements eiengine.PlayWatcher: what was captured while the pipeline stood still
// is not shown.
func (s *v4l2Src) Playing(_ *eiengine.Ctx, playing bool) error {
	if playing {
		s.resumed.Store(int64(v4l2.Now()))
	}
	return nil
}

// Configure implements eiengine.Configurer.
func (s *v4l2Src) Configure(c *eiengine.Ctx, _, out *frames.Format) error {
	request, err := s.requestFor(out)
	if err != nil {
		return err
	}
	s.format, s.request = out, request
	camera := s.camera.Load()
	if camera == nil {
		return nil // set when it is back
	}
	return s.configure(c, camera)
}

// configure sets the format on the camera, which stops it for that.
func (s *v4l2Src) configure(c *eiengine.Ctx, camera *v4l2.Camera) error {
	camera.Stop()
	s.stream.running = false
	for _, prepare := range s.Load().PrepareFormat.Handlers() {
		prepare(camera.FD(), s.format.Caps())
	}
	set, err := camera.SetFormat(s.request)
	if err != nil {
		return err
	}
	r := s.request
	switch {
	case set.FourCC != r.FourCC || set.Width != r.Width || set.Height != r.Height:
		return fmt.Errorf("%s gives %s %dx%d where %s %dx%d was negotiated: ask for that", camera.Info().Path, set.FourCC, set.Width, set.Height, r.FourCC, r.Width, r.Height)
	case set.Fields:
		return fmt.Errorf("%s gives the lines of half a picture at a time, which is not supported: choose a progressive format", camera.Info().Path)
	case r.FPS.Num > 0 && set.FPS.Num > 0 && set.FPS != r.FPS:
		c.Warn(fmt.Errorf("%s gives %s pictures a second, not %s as negotiated", camera.Info().Path, set.FPS, r.FPS))
	}
	s.set = set
	s.period.Store(0)
	if set.FPS.Num > 0 {
		s.period.Store(int64(set.FPS.Time(1)))
	}
	return nil
}

// Counts implements eiengine.Counter.
func (s *v4l2Src) Counts() []eiengine.Count {
	var n v4l2.Stats
	if before := s.before.Load(); before != nil {
		n = *before
	}
	if camera := s.camera.Load(); camera != nil {
		n = sum(n, camera.Stats())
	}
	return []eiengine.Count{
		{Name: "lent", N: n.Lent}, {Name: "copied", N: n.Copied}, {Name: "left out", N: n.Dropped},
		{Name: "damaged", N: n.Damaged}, {Name: "lost", N: n.Lost},
	}
}

func sum(a, b v4l2.Stats) v4l2.Stats {
	return v4l2.Stats{
		Lent: a.Lent + b.Lent, Copied: a.Copied + b.Copied, Dropped: a.Dropped + b.Dropped,
		Damaged: a.Damaged + b.Damaged, Lost: a.Lost + b.Lost,
	}
}

// ReadProperty implements eiengine.PropertyReader.
func (s *v4l2Src) ReadProperty(name string) (string, bool) {
	camera := s.camera.Load()
	if camera == nil {
		return "", false
	}
	switch name {
	case "device-fd":
		return fmt.Sprint(camera.FD()), true
	case "device-name":
		return camera.Info().Name, true
	case "flags":
		return "capture", true
	}
	return "", false
}
