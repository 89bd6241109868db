package mediadevices

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/mediadevices/pkg/driver/availability"
	"github.com/pion/mediadevices/pkg/frame"
	"github.com/pion/mediadevices/pkg/io/video"
	"github.com/pion/mediadevices/pkg/prop"
	"golang.org/x/sys/unix"

	"github.com/eiengine/eiengine/capture/camera"
	"github.com/eiengine/eiengine/capture/v4l2"
	"github.com/eiengine/eiengine/frames"
)

// cameraAdapter is a camera as pion's driver.Adapter and driver.VideoRecorder.
type cameraAdapter struct {
	info v4l2.CameraInfo

	mu      sync.Mutex
	formats []v4l2.PixelFormat
	camera  *camera.Camera // nil unless it records
}

// Open implements driver.Adapter: it asks the camera what it can do, and does not keep it.
func (a *cameraAdapter) Open() error {
	d, err := a.probe()
	if err != nil {
		return err
	}
	formats, err := d.Formats()
	a.mu.Lock()
	a.formats = formats
	a.mu.Unlock()
	return errors.Join(err, d.Close())
}

func (a *cameraAdapter) probe() (*v4l2.Camera, error) {
	path, err := v4l2.Find(a.info.ID, a.info.Port)
	if err != nil {
		return nil, err
	}
	return v4l2.Open(path)
}

// Close implements driver.Adapter. Pictures that were read stay valid.
func (a *cameraAdapter) Close() error {
	a.mu.Lock()
	c := a.camera
	a.camera = nil
	a.mu.Unlock()
	if c == nil {
		return nil
	}
	return c.Close()
}

// Properties implements driver.Adapter.
func (a *cameraAdapter) Properties() []prop.Media {
	a.mu.Lock()
	defer a.mu.Unlock()
	return videoProperties(a.formats)
}

// IsAvailable implements driver.AvailabilityAdapter.
func (a *cameraAdapter) IsAvailable() (bool, error) {
	d, err := a.probe()
	if err == nil {
		err = errors.Join(d.Free(), d.Close())
	}
	switch {
	case err == nil:
		return true, nil
	case errors.Is(err, v4l2.ErrInUse), errors.Is(err, unix.EBUSY):
		return false, availability.ErrBusy
	case errors.Is(err, v4l2.ErrNotFound), errors.Is(err, unix.ENODEV), errors.Is(err, unix.ENOENT):
		return false, availability.ErrNoDevice
	}
	return false, availability.NewError(err.Error())
}

// VideoRecord implements driver.VideoRecorder.
func (a *cameraAdapter) VideoRecord(p prop.Media) (video.Reader, error) {
	path, err := v4l2.Find(a.info.ID, a.info.Port)
	if err != nil {
		return nil, err
	}
	code, err := a.fourCC(p.FrameFormat)
	if err != nil {
		return nil, err
	}
	c, err := camera.Open(camera.Options{Device: path, Width: p.Width, Height: p.Height, FPS: float64(p.FrameRate), FourCC: code})
	if err != nil {
		return nil, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.camera = c
	return &videoReader{camera: c, oldest: p.DiscardFramesOlderThan}, nil
}

// fourCC is the camera's encoding that pion's name stands for; 0, which is any, for none.
func (a *cameraAdapter) fourCC(f frame.Format) (v4l2.FourCC, error) {
	if f == "" {
		return 0, nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, has := range a.formats {
		if _, readable := camera.Cost(has.FourCC); readable && frameFormat(has.FourCC) == f {
			return has.FourCC, nil
		}
	}
	return 0, fmt.Errorf("%s gives no %s", a.info.Path, f)
}

// videoReader reads pictures of a camera for pion.
type videoReader struct {
	camera *camera.Camera
	oldest time.Duration // older pictures are left out, if positive
	idle   recycled
}

// manyDamaged is how many pictures in a row may be unreadable or too old.
const manyDamaged = 30

// Read implements video.Reader. Pictures that are damaged are left out.
func (r *videoReader) Read() (image.Image, func(), error) {
	var problem error
	for range manyDamaged {
		f, err := r.camera.Next(context.Background()) // until the adapter is closed
		switch {
		case errors.Is(err, camera.ErrClosed):
			return nil, func() {}, io.EOF
		case err != nil:
			return nil, func() {}, err
		case r.oldest > 0 && time.Since(f.Time) > r.oldest:
			f.Release()
			problem = fmt.Errorf("all pictures are older than %v", r.oldest)
			continue
		}
		p := r.idle.take(f)
		err = f.CopyTo(&p.picture)
		f.Release()
		if err == nil {
			return p.image, p.release, nil
		}
		problem = err
		p.release()
	}
	return nil, func() {}, problem
}

// recycled are pictures whose release function was called.
type recycled struct {
	mu   sync.Mutex
	idle []*ownPicture
}

// ownPicture is a picture in Go's memory, which may be kept.
type ownPicture struct {
	picture frames.Picture
	image   image.Image // of the same bytes
	release func()
	out     atomic.Bool
}

// take gives a picture of the size of a frame.
func (r *recycled) take(f *camera.Frame) *ownPicture {
	format := kind(f)
	r.mu.Lock()
	defer r.mu.Unlock()
	for len(r.idle) > 0 {
		p := r.idle[len(r.idle)-1]
		r.idle = r.idle[:len(r.idle)-1]
		if p.picture.Format == format && p.picture.Width == f.Format().Width && p.picture.Height == f.Format().Height {
			p.out.Store(true)
			return p
		}
	}
	p := newPicture(format, f.Format().Width, f.Format().Height)
	p.release = func() {
		if !p.out.CompareAndSwap(true, false) {
			return // released twice
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		r.idle = append(r.idle, p)
	}
	p.out.Store(true)
	return p
}

// kind is what becomes of a frame: pion's encoders take luma and chroma, or RGBA.
func kind(f *camera.Frame) frames.PixelFormat {
	switch pix := f.Format().FourCC.PixelFormat(); {
	case pix == frames.PixelUnknown, pix == frames.GRAY8, pix.IsYUV():
		return frames.I420
	}
	return frames.RGBA
}

func newPicture(format frames.PixelFormat, width, height int) *ownPicture {
	r := image.Rect(0, 0, width, height)
	if format == frames.RGBA {
		m := image.NewRGBA(r)
		return &ownPicture{image: m, picture: frames.Picture{
			Format: format, Width: width, Height: height, Data: [frames.MaxPlanes][]byte{m.Pix}, Stride: [frames.MaxPlanes]int{m.Stride},
		}}
	}
	m := image.NewYCbCr(r, image.YCbCrSubsampleRatio420)
	return &ownPicture{image: m, picture: frames.Picture{
		Format: format, Width: width, Height: height, Color: frames.Colorimetry{Matrix: frames.BT601, Range: frames.FullRange},
		Data: [frames.MaxPlanes][]byte{m.Y, m.Cb, m.Cr}, Stride: [frames.MaxPlanes]int{m.YStride, m.CStride, m.CStride},
	}}
}
