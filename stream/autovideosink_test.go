package stream

import (
	"image/jpeg"
	"net/http"
	"strings"
	"testing"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/bus"
)

// Without a display the pictures are on a page whose address is told.
func TestAutoVideoSinkServesAPage(t *testing.T) {
	t.Setenv("DISPLAY", "")
	ctx := limited(t)
	for _, format := range []string{"I420", "RGB", "GRAY8"} {
		p := launch(t, "videotestsrc is-live=true pattern=white ! video/x-raw,width=64,height=48,framerate=50/1,format="+format+" ! autovideosink")
		said := p.Bus().Subscribe(100, bus.TypeInfo)
		if err := p.Play(ctx); err != nil {
			t.Fatal(err)
		}
		m, err := said.Next(ctx)
		if err != nil {
			t.Fatal(err)
		}
		said.Close()
		_, url, ok := strings.Cut(m.Payload.(*bus.Info).Text, "http://")
		if !ok {
			t.Fatalf("no address in %q", m.Payload.(*bus.Info).Text)
		}
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+url+"picture.jpg", nil)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		picture, err := jpeg.Decode(answer.Body)
		_ = answer.Body.Close()
		if err != nil || picture.Bounds().Dx() != 64 || picture.Bounds().Dy() != 48 {
			t.Fatalf("%s: %v", format, err)
		}
		if r, g, b, _ := picture.At(30, 20).RGBA(); min(r, g, b) < 0xf000 {
			t.Errorf("%s: white is %x %x %x", format, r, g, b)
		}
		if err := p.Stop(ctx); err != nil {
			t.Error(err)
		}
	}
	http.DefaultClient.CloseIdleConnections()
}

// A display that does not answer is told of, and the page is there.
func TestAutoVideoSinkWithoutItsDisplay(t *testing.T) {
	t.Setenv("DISPLAY", ":98765")
	p := launch(t, "videotestsrc num-buffers=2 ! autovideosink sync=false")
	said := p.Bus().Subscribe(100, bus.TypeInfo, bus.TypeWarning)
	if err := p.Run(limited(t)); err != nil {
		t.Fatal(err)
	}
	said.Close()
	var all []string
	for m := range said.All(limited(t)) {
		switch p := m.Payload.(type) {
		case *bus.Info:
			all = append(all, p.Text)
		case *bus.Warning:
			all = append(all, p.Text)
		}
	}
	if text := strings.Join(all, "\n"); !strings.Contains(text, "DISPLAY") || !strings.Contains(text, "http://127.0.0.1:") {
		t.Errorf("it said %q", text)
	}
}

// What is no picture is an error, not a blank page.
func TestAutoVideoSinkTakesPicturesOnly(t *testing.T) {
	t.Setenv("DISPLAY", "")
	err := launch(t, "fakesrc num-buffers=2 ! autovideosink").Run(limited(t))
	if err == nil || !strings.Contains(err.Error(), "decodebin") {
		t.Errorf("%v: want an error that names decodebin", err)
	}
}

// What no screen shows does not come to one.
func TestAutoVideoSinkFilters(t *testing.T) {
	t.Setenv("DISPLAY", "")
	e := eiengine.New(eiengine.Options{})
	defer e.Close()
	_, err := e.Launch(`videotestsrc ! video/x-raw,format=RGB ! autovideosink filter-caps="video/x-raw,format=I420"`)
	if err == nil {
		t.Error("RGB came to a sink that was told to take I420")
	}
}
