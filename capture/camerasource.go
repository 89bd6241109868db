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

// cameraProps are the properties of all cameras.
type cameraProps struct {
	eiengine.SourceProps

	ExtraControls frames.Structure `prop:"extra-controls,live" doc:"Controls of the camera by name, such as c,exposure_time_absolute=300,power_line_frequency=1; eiengine devices lists them"`
	Brightness    int              `prop:"brightness,live" default:"0" doc:"Brightness, in the camera's numbers; 0 before the start leaves it as the camera has it"`
	Contrast      int              `prop:"contrast,live" default:"0" doc:"Contrast, in the camera's numbers; 0 before the start leaves it as the camera has it"`
	Hue           int              `prop:"hue,live" default:"0" doc:"Hue, in the camera's numbers; 0 before the start leaves it as the camera has it"`
	Saturation    int              `prop:"saturation,live" default:"0" doc:"Saturation, in the camera's numbers; 0 before the start leaves it as the camera has it"`

	Norm             v4l2Norm `prop:"norm" default:"none" doc:"The standard of an analogue input; none leaves it as it is"`
	PixelAspectRatio string   `prop:"pixel-aspect-ratio" null:"null" doc:"The shape of a pixel, width/height, in place of what the camera says"`
	ForceAspectRatio bool     `prop:"force-aspect-ratio" default:"true" doc:"Say the shape of a pixel in the caps"`

	lastingProps

	PrepareFormat eiengine.Signal[func(fd int, caps frames.Caps)] `signal:"prepare-format" doc:"The format is known and will be set next on this file descriptor"`
}

// lastingProps are the properties of cameras that may fail and come back.
type lastingProps struct {
	reconnectProps
	StallTimeout uint `prop:"stall-timeout" default:"900" doc:"Milliseconds without a picture after which the camera is said to be stalled, at least three pictures' time; 0 for never"`
}

// usualCamera is what a camera has of which nothing can be set.
var usualCamera = cameraProps{ForceAspectRatio: true}

// cameraSource captures: what the sources of pictures from cameras have in common. The camera is
// opened at ready; it begins to stream with the first Read, so that a paused pipeline starts
// with fresh pictures.
type cameraSource struct {
	how func() *cameraProps // the properties as they are now

	camera  atomic.Pointer[v4l2.Camera] // nil while there is none
	limit   atomic.Pointer[frames.Caps] // what the camera can do; nil while it is not open
	period  atomic.Int64                // nanoseconds from picture to picture, 0 if not known
	resumed atomic.Int64                // when playing began, on the clock of v4l2.Now
	before  atomic.Pointer[v4l2.Stats]  // of cameras that were closed since the start

	changed [len(namedControls)]atomic.Bool // set while the pipeline was there, so that 0 counts too

	info    v4l2.CameraInfo
	format  *frames.Format
	request v4l2.Request
	set     v4l2.Format
	stream  cameraStream
	away    absence
}

// cameraStream is what Read remembers.
type cameraStream struct {
	running  bool
	fresh    bool // has given no picture since it runs
	seq      uint64
	pictures uint64 // given since the start
	discont  bool
	stalls   int // in a row
	engine   clockOffset
	pipeline clockOffset
}

// IsLive implements eiengine.Live.
func (s *cameraSource) IsLive() bool { return true }

// Latency implements eiengine.Latency: a picture is there when its last row is.
func (s *cameraSource) Latency() time.Duration {
	return time.Duration(s.period.Load())
}

// open opens a camera and asks what it can do.
func (s *cameraSource) open(path string) error {
	camera, err := v4l2.Open(path)
	if err != nil {
		return err
	}
	if err := s.opened(camera); err != nil {
		return errors.Join(err, camera.Close())
	}
	return nil
}

// openFirst opens the first of the cameras that can give what is wanted, or else the first that
// can be used. unlisted is why there may be more.
func (s *cameraSource) openFirst(c *eiengine.Ctx, cameras []v4l2.CameraInfo, unlisted error, wanted frames.Caps) error {
	tried := []error{unlisted}
	second := ""
	for _, info := range cameras {
		if err := s.openFree(info.Path); err != nil {
			tried = append(tried, err)
			continue
		}
		if s.Limit().CanIntersect(wanted) {
			s.chosen(c)
			return nil
		}
		if second == "" {
			second = info.Path
		}
		tried = append(tried, s.Close(c))
	}
	if second != "" {
		if err := s.open(second); err != nil {
			return err
		}
		s.chosen(c)
		return nil
	}
	why := errors.Join(tried...)
	if why == nil {
		why = errors.New("none is connected")
	}
	return fmt.Errorf("no camera can be used: plug one in, pass it into the container (--device /dev/video0), or put videotestsrc in its place to try the rest; %s", strings.ReplaceAll(why.Error(), "\n", "; "))
}

// openFree opens a camera from which nobody else captures.
func (s *cameraSource) openFree(path string) error {
	if err := s.open(path); err != nil {
		return err
	}
	if err := s.camera.Load().Free(); err != nil {
		return errors.Join(err, s.Close(nil))
	}
	return nil
}

// chosen tells which camera it is.
func (s *cameraSource) chosen(c *eiengine.Ctx) {
	c.Inform(fmt.Sprintf("chose camera %s (%s), %s", s.info.Path, s.info.Name, s.info.ID))
}

// name is what the camera is called while it is open.
func (s *cameraSource) name() (string, bool) {
	camera := s.camera.Load()
	if camera == nil {
		return "", false
	}
	return camera.Info().Name, true
}

func (s *cameraSource) opened(camera *v4l2.Camera) error {
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

func (s *cameraSource) standard(camera *v4l2.Camera) error {
	if norm := s.how().Norm; norm != 0 {
		return camera.SetStandard(uint64(norm))
	}
	return nil
}

// Close implements eiengine.Opener.
func (s *cameraSource) Close(*eiengine.Ctx) error {
	s.limit.Store(nil)
	return s.forget()
}

// forget closes the camera, and keeps its counts.
func (s *cameraSource) forget() error {
	camera := s.camera.Swap(nil)
	if camera == nil {
		return nil
	}
	camera.Stop()
	stats := camera.Stats()
	if before := s.before.Load(); before != nil {
		stats.Add(*before)
	}
	s.before.Store(&stats)
	return camera.Close()
}

// Start implements eiengine.Starter.
func (s *cameraSource) Start(*eiengine.Ctx) error {
	s.format, s.stream, s.away = nil, cameraStream{}, absence{}
	s.before.Store(new(v4l2.Stats))
	return nil
}

// Stop implements eiengine.Starter. Frames that somebody still holds stay valid.
func (s *cameraSource) Stop(*eiengine.Ctx) error {
	if camera := s.camera.Load(); camera != nil {
		camera.Stop()
	}
	return nil
}

// Playing implements eiengine.PlayWatcher: what was captured while the pipeline stood still
// is not shown.
func (s *cameraSource) Playing(_ *eiengine.Ctx, playing bool) error {
	if playing {
		s.resumed.Store(int64(v4l2.Now()))
	}
	return nil
}

// Configure implements eiengine.Configurer.
func (s *cameraSource) Configure(c *eiengine.Ctx, _, out *frames.Format) error {
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
func (s *cameraSource) configure(c *eiengine.Ctx, camera *v4l2.Camera) error {
	camera.Stop()
	s.stream.running = false
	for _, prepare := range s.how().PrepareFormat.Handlers() {
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
func (s *cameraSource) Counts() []eiengine.Count {
	var n v4l2.Stats
	if before := s.before.Load(); before != nil {
		n = *before
	}
	if camera := s.camera.Load(); camera != nil {
		n.Add(camera.Stats())
	}
	return []eiengine.Count{
		{Name: "lent", N: n.Lent}, {Name: "copied", N: n.Copied}, {Name: "left out", N: n.Dropped},
		{Name: "damaged", N: n.Damaged}, {Name: "lost", N: n.Lost},
	}
}
