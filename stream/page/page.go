package page

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"html/template"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/eiengine/eiengine/encode/codec/jpeg"
	"github.com/eiengine/eiengine/frames"
)

// Page is a page with one live picture. Its methods may be called from any goroutine.
type Page struct {
	url    string
	server http.Server
	ended  chan struct{} // the server has returned

	mu       sync.Mutex
	fresh    *sync.Cond // there is another picture, or the end
	picture  []byte     // the latest as JPEG; replaced, never changed
	number   uint64     // of it, 0 before the first
	watchers int
	closed   bool

	encoder jpeg.Encoder // of Show
	buffer  bytes.Buffer
}

// Open begins to serve the page on a free port of the loopback interface.
func Open(title string) (*Page, error) {
	listener, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("a page for live pictures: %w", err)
	}
	token := rand.Text()
	p := &Page{url: fmt.Sprintf("http://%s/%s/", listener.Addr(), token), ended: make(chan struct{})}
	p.fresh = sync.NewCond(&p.mu)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /"+token+"/{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Referrer-Policy", "no-referrer") // the address is the key
		_ = html.Execute(w, title)                       // whoever asked has gone
	})
	mux.HandleFunc("GET /"+token+"/stream", p.stream)
	mux.HandleFunc("GET /"+token+"/picture.jpg", p.still)
	p.server = http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	go func() {
		defer close(p.ended)
		_ = p.server.Serve(listener) // it returns when Close is called
	}()
	return p, nil
}

var html = template.Must(template.New("").Parse(`<!doctype html>
<meta name="viewport" content="width=device-width">
<title>{{.}}</title>
<style>
html, body { height: 100%; margin: 0; background: #222 }
img { display: block; width: 100%; height: 100%; object-fit: contain }
</style>
<img src="stream" alt="live picture of {{.}}">
`))

// URL is the address of the page. Whoever knows it sees the pictures.
func (p *Page) URL() string { return p.url }

// Show makes the picture the live one. It is read only during the call, and not at all
// while nobody looks.
func (p *Page) Show(picture *frames.Picture) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.watchers == 0 || p.closed {
		return nil
	}
	p.buffer.Reset()
	if err := p.encoder.Encode(&p.buffer, picture, jpeg.DefaultQuality); err != nil {
		return err
	}
	p.picture = bytes.Clone(p.buffer.Bytes())
	p.number++
	p.fresh.Broadcast()
	return nil
}

// Close ends the page and all who look at it.
func (p *Page) Close() error {
	p.mu.Lock()
	p.closed = true
	p.fresh.Broadcast()
	p.mu.Unlock()
	ctx, stop := context.WithTimeout(context.Background(), time.Second)
	defer stop()
	err := p.server.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) { // somebody who reads nothing
		err = p.server.Close()
	}
	<-p.ended
	return err
}

// watch counts somebody who looks, until release is called or ctx ends.
func (p *Page) watch(ctx context.Context) (release func()) {
	p.mu.Lock()
	p.watchers++
	p.mu.Unlock()
	stop := context.AfterFunc(ctx, func() { // next looks at ctx
		p.mu.Lock()
		defer p.mu.Unlock()
		p.fresh.Broadcast()
	})
	return func() {
		stop()
		p.mu.Lock()
		defer p.mu.Unlock()
		p.watchers--
	}
}

// next waits for a picture after that of the number; pictures in between are passed
// over. ok is false at the end.
func (p *Page) next(ctx context.Context, after uint64) (picture []byte, number uint64, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.number <= after && !p.closed && ctx.Err() == nil {
		p.fresh.Wait()
	}
	return p.picture, p.number, p.number > after && !p.closed && ctx.Err() == nil
}

// last is the number of the latest picture.
func (p *Page) last() uint64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.number
}

const boundary = "frame"

func (p *Page) stream(w http.ResponseWriter, r *http.Request) {
	defer p.watch(r.Context())()
	w.Header().Set("Content-Type", "multipart/x-mixed-replace; boundary="+boundary)
	w.Header().Set("Cache-Control", "no-store")
	out := http.NewResponseController(w)
	if out.Flush() != nil {
		return
	}
	for number := p.last(); ; {
		picture, n, ok := p.next(r.Context(), number)
		if !ok {
			return
		}
		number = n
		_ = out.SetWriteDeadline(time.Now().Add(10 * time.Second)) // who cannot is not slowed down
		_, err := fmt.Fprintf(w, "--%s\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n%s\r\n", boundary, len(picture), picture)
		if err != nil || out.Flush() != nil {
			return
		}
	}
}

func (p *Page) still(w http.ResponseWriter, r *http.Request) {
	defer p.watch(r.Context())()
	picture, _, ok := p.next(r.Context(), p.last())
	if !ok {
		http.Error(w, "the stream has ended", http.StatusGone)
		return
	}
	w.Header().Set("Content-Type", "image/jpeg")
	w.Header().Set("Content-Length", strconv.Itoa(len(picture)))
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(picture) // whoever asked has gone
}
