package mediadevices

import (
	"errors"
	"image"
	"io"
	"testing"
	"time"

	pion "github.com/pion/mediadevices"
	"github.com/pion/mediadevices/pkg/driver"
	"github.com/pion/mediadevices/pkg/frame"
	"github.com/pion/mediadevices/pkg/prop"
	"github.com/pion/mediadevices/pkg/wave"
	"go.uber.org/goleak"

	"github.com/eiengine/eiengine/capture/pcm"
	"github.com/eiengine/eiengine/capture/v4l2"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/internal/virtmic"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func single(n int) v4l2.Span { return v4l2.Span{Min: n, Max: n, Step: 1} }

func rate(n int) v4l2.Rate {
	f := frames.Fraction{Num: n, Den: 1}
	return v4l2.Rate{Min: f, Max: f}
}

var webcam = []v4l2.PixelFormat{
	{FourCC: v4l2.H264, Sizes: []v4l2.Size{{Width: single(1920), Height: single(1080)}}},
	{FourCC: v4l2.MJPEG, Sizes: []v4l2.Size{
		{Width: single(640), Height: single(480), Rates: []v4l2.Rate{rate(30)}}, {Width: single(1280), Height: single(720), Rates: []v4l2.Rate{rate(30)}}}},
	{FourCC: v4l2.YUYV, Sizes: []v4l2.Size{
		{Width: single(640), Height: single(480), Rates: []v4l2.Rate{rate(15), rate(30)}}, {Width: single(1280), Height: single(720), Rates: []v4l2.Rate{rate(10)}}}},
	{FourCC: v4l2.NV12, Sizes: []v4l2.Size{{Width: v4l2.Span{Min: 32, Max: 4000, Step: 2}, Height: v4l2.Span{Min: 32, Max: 400, Step: 2},
		Rates: []v4l2.Rate{{Min: frames.Fraction{Num: 7, Den: 1}, Max: frames.Fraction{Num: 31, Den: 1}}}}}},
}

// TestConstraintsChoose chooses as pion does.
func TestConstraintsChoose(t *testing.T) {
	all := videoProperties(webcam)
	for name, test := range map[string]struct {
		c    prop.VideoConstraints
		want prop.Video
	}{
		"none":        {prop.VideoConstraints{}, prop.Video{Width: 640, Height: 480, FrameRate: 30, FrameFormat: frame.FormatYUYV}},
		"large":       {prop.VideoConstraints{Width: prop.Int(1280), Height: prop.Int(720), FrameRate: prop.Float(30)}, prop.Video{Width: 1280, Height: 720, FrameRate: 30, FrameFormat: frame.FormatMJPEG}},
		"an encoding": {prop.VideoConstraints{FrameFormat: prop.FrameFormat(frame.FormatMJPEG)}, prop.Video{Width: 640, Height: 480, FrameRate: 30, FrameFormat: frame.FormatMJPEG}},
		"of a range":  {prop.VideoConstraints{Width: prop.Int(320), Height: prop.Int(240), FrameRate: prop.Float(10)}, prop.Video{Width: 320, Height: 240, FrameRate: 10, FrameFormat: frame.FormatNV12}},
	} {
		best, least := prop.Media{}, -1.0
		for _, p := range all {
			c := prop.MediaConstraints{VideoConstraints: test.c}
			if d, ok := c.FitnessDistance(p); ok && (least < 0 || d < least) {
				best, least = p, d
			}
		}
		if best.Video != test.want {
			t.Errorf("%s: %+v, want %+v", name, best.Video, test.want)
		}
	}
	for _, p := range all {
		if p.FrameFormat == "H264" {
			t.Error("an encoding that is not read is offered")
		}
	}
	if len(videoProperties(nil)) != 0 {
		t.Error("a camera that gives nothing offers something")
	}
}

func TestMicrophonesOfferWhatTheyHave(t *testing.T) {
	all := audioProperties(&pcm.Abilities{MinRate: 22050, MaxRate: 22050, MinChannels: 6, MaxChannels: 8})
	if len(all) != 2 || all[0].SampleRate != 22050 || all[0].ChannelCount != 6 || all[0].SampleSize != 2 || !all[1].IsFloat {
		t.Errorf("%+v", all)
	}
}

// TestOwnPictures: the image and the planes that are written to are the same bytes.
func TestOwnPictures(t *testing.T) {
	for _, f := range []frames.PixelFormat{frames.I420, frames.RGBA} {
		p := newPicture(f, 5, 3)
		if p.image.Bounds() != image.Rect(0, 0, 5, 3) {
			t.Errorf("%v: %v", f, p.image.Bounds())
		}
		for i := range p.picture.Data[0] {
			p.picture.Data[0][i] = 0xff
		}
		if r, _, _, _ := p.image.At(4, 2).RGBA(); r == 0 {
			t.Errorf("%v: the image does not show the picture", f)
		}
	}
}

// hear is the part of a usual program that wants sound.
func hear(t *testing.T, c pion.MediaStreamConstraints) pion.Track {
	t.Helper()
	stream, err := pion.GetUserMedia(c)
	if err != nil {
		t.Fatal(err)
	}
	return stream.GetAudioTracks()[0]
}

// A program of the usual kind hears a tone by GetUserMedia.
func TestGetUserMediaHears(t *testing.T) {
	if virtmic.Hear(t, 1000) == nil {
		return
	}
	err := RegisterMicrophones()
	if errors.Is(err, pcm.ErrNoLibrary) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	before := len(driver.GetManager().Query(driver.FilterAudioRecorder()))
	if RegisterMicrophones(); before == 0 || len(driver.GetManager().Query(driver.FilterAudioRecorder())) != before {
		t.Errorf("%d microphones, and others when they are registered again", before)
	}
	for _, float := range []bool{false, true} {
		track := hear(t, pion.MediaStreamConstraints{Audio: func(c *pion.MediaTrackConstraints) {
			c.SampleRate = prop.Int(16000)
			c.ChannelCount = prop.Int(1)
			c.IsFloat = prop.BoolExact(float)
		}})
		reader := track.(*pion.AudioTrack).NewReader(false)
		var samples []float64
		for len(samples) < 16000 {
			chunk, release, err := reader.Read()
			if errors.Is(err, pcm.ErrStalled) {
				continue // this machine had other things to do
			}
			if err != nil {
				t.Fatal(err)
			}
			if info := chunk.ChunkInfo(); info.SamplingRate != 16000 || info.Channels != 1 {
				t.Fatalf("%+v", info)
			}
			switch chunk := chunk.(type) {
			case *wave.Int16Interleaved:
				for _, v := range chunk.Data {
					samples = append(samples, float64(v)/32768)
				}
			case *wave.Float32Interleaved:
				for _, v := range chunk.Data {
					samples = append(samples, float64(v))
				}
			}
			release()
		}
		if level := virtmic.Level(samples[:16000], 1000, 16000); level < 0.45 || level > 0.55 {
			t.Errorf("float %v: 1000 Hz has a level of %.3f, want 0.5", float, level)
		}
		if err := track.Close(); err != nil {
			t.Error(err)
		}
		if _, _, err := reader.Read(); !errors.Is(err, io.EOF) {
			t.Errorf("after Close: %v", err)
		}
	}
}

// What our reader lent and got back it lends again.
func TestSoundIsUsedAgain(t *testing.T) {
	if virtmic.Hear(t, 1000) == nil {
		return
	}
	a := &microphoneAdapter{name: "default"}
	if err := a.Open(); errors.Is(err, pcm.ErrNoLibrary) {
		t.Skip(err)
	} else if err != nil {
		t.Fatal(err)
	}
	r, err := a.AudioRecord(prop.Media{Audio: prop.Audio{SampleRate: 16000, ChannelCount: 1, Latency: 10 * time.Millisecond}})
	if err != nil {
		t.Fatal(err)
	}
	read := func() (wave.Audio, func()) {
		for {
			chunk, release, err := r.Read()
			if err == nil {
				return chunk, release
			}
			if !errors.Is(err, pcm.ErrStalled) { // this machine had other things to do
				t.Fatal(err)
			}
		}
	}
	first, release := read()
	held, releaseHeld := read()
	if held == first {
		t.Error("what is held is lent again")
	}
	release()
	release()
	again, releaseAgain := read()
	if again != first {
		t.Error("what was released is not used again")
	}
	releaseHeld()
	releaseAgain()
	if err := a.Close(); err != nil {
		t.Error(err)
	}
}

func TestUnplugged(t *testing.T) {
	a := &cameraAdapter{info: v4l2.CameraInfo{ID: "usb:no:such:camera", Path: "/dev/video9"}}
	if err := a.Open(); !errors.Is(err, v4l2.ErrNotFound) {
		t.Errorf("opened: %v", err)
	}
	if ok, err := a.IsAvailable(); ok || err == nil {
		t.Errorf("it is there: %v", err)
	}
	if _, err := a.VideoRecord(prop.Media{}); !errors.Is(err, v4l2.ErrNotFound) {
		t.Errorf("recorded: %v", err)
	}
	if err := a.Close(); err != nil {
		t.Error(err)
	}
	if _, err := a.fourCC("MJPEG"); err == nil {
		t.Error("it gives MJPEG")
	}
}
