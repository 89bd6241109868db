package page

import (
	"context"
	"image/jpeg"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/eiengine/eiengine/frames"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// picture is gray of one level.
func picture(level byte) *frames.Picture {
	p := frames.NewPicture(frames.GRAY8, 32, 16)
	for i := range p.Data[0] {
		p.Data[0][i] = level
	}
	return &p
}

func open(t *testing.T) *Page {
	t.Helper()
	p, err := Open("camera <1>")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
		http.DefaultClient.CloseIdleConnections()
	})
	return p
}

func get(t *testing.T, url string) *http.Response {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), 2*time.Minute)
	t.Cleanup(stop)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = answer.Body.Close() })
	return answer
}

// showing shows pictures of rising levels until the test is over.
func showing(t *testing.T, p *Page) {
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for level := byte(0); ; level++ {
			select {
			case <-done:
				return
			case <-time.After(time.Millisecond):
			}
			if err := p.Show(picture(level)); err != nil {
				t.Error(err)
			}
		}
	}()
	t.Cleanup(func() { close(done); <-ended })
}

func TestPageShowsPictures(t *testing.T) {
	p := open(t)
	showing(t, p)

	text, err := io.ReadAll(get(t, p.URL()).Body)
	if err != nil || !strings.Contains(string(text), "camera &lt;1&gt;") || !strings.Contains(string(text), `src="stream"`) {
		t.Errorf("page: %s, %v", text, err)
	}
	if got, err := jpeg.Decode(get(t, p.URL()+"picture.jpg").Body); err != nil || got.Bounds().Dx() != 32 || got.Bounds().Dy() != 16 {
		t.Errorf("still: %v", err)
	}

	answer := get(t, p.URL()+"stream")
	_, params, err := mime.ParseMediaType(answer.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	parts := multipart.NewReader(answer.Body, params["boundary"])
	var last uint32
	for i := range 5 {
		part, err := parts.NextPart()
		if err != nil {
			t.Fatal(err)
		}
		got, err := jpeg.Decode(part)
		if err != nil {
			t.Fatal(err)
		}
		level, _, _, _ := got.At(3, 3).RGBA()
		if i > 0 && level == last {
			t.Errorf("picture %d is the one before", i)
		}
		last = level
	}
}

// Without the token of the address nothing is shown.
func TestPageIsSecret(t *testing.T) {
	p := open(t)
	host, _, _ := strings.Cut(strings.TrimPrefix(p.URL(), "http://"), "/")
	if !strings.HasPrefix(host, "127.0.0.1:") {
		t.Errorf("it listens on %s", host)
	}
	for _, path := range []string{"/", "/stream", "/picture.jpg", "/x/stream"} {
		if got := get(t, "http://"+host+path).StatusCode; got != http.StatusNotFound {
			t.Errorf("%s: status %d", path, got)
		}
	}
}

// Who reads nothing keeps neither the pictures nor the end from others.
func TestPageEndsWithWatchers(t *testing.T) {
	p, err := Open("x")
	if err != nil {
		t.Fatal(err)
	}
	defer http.DefaultClient.CloseIdleConnections()
	answer := get(t, p.URL()+"stream") // and nobody reads it
	for range 1000 {
		if err := p.Show(picture(1)); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Close(); err != nil {
		t.Error(err)
	}
	_, _ = io.Copy(io.Discard, answer.Body)
	if err := p.Show(picture(2)); err != nil {
		t.Error(err)
	}
}
