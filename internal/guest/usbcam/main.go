// Command usbcam is a USB webcam with a microphone, in software.
//
// It speaks the request protocol of USB/IP to the kernel's virtual host controller
// (module vhci-hcd) over a pair of sockets, so the ordinary drivers uvcvideo and
// snd-usb-audio bind to it exactly as they do to a real device:
//
//	/dev/videoN     MJPG 640x480 and 320x240, YUYV 320x240, each at 30 or 15 pictures a
//	                second, and the metadata node that every UVC camera has
//	hw:CARD=webcam  S16_LE, mono, 48 kHz: a tone of 1 kHz at half scale, or -pcm FILE
//
// It is run in the guest that .ci/guest starts. It stays attached until it is killed:
// killing it is pulling the plug, starting it again is plugging it back in. While it runs,
//
//	SIGUSR1  stops the pictures, and the next one lets them go on
//	SIGUSR2  marks the next picture as damaged (the error bit of UVC)
//
// It needs root.
package main

import (
	"bytes"
	"encoding/binary"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"math"
	"os"
	"os/signal"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// --- Descriptors (USB 2.0 chapter 9, UVC 1.1, UAC 1.0) ---------------------------

const (
	videoEndpoint = 0x81
	audioEndpoint = 0x82
	maxPayload    = 16384 // bytes of one video payload: the size of uvcvideo's bulk URBs
	sampleRate    = 48000
)

func le16(v int) []byte           { return []byte{byte(v), byte(v >> 8)} }
func le32(v int) []byte           { return []byte{byte(v), byte(v >> 8), byte(v >> 16), byte(v >> 24)} }
func join(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

var device = join([]byte{18, 1}, le16(0x0200), []byte{0xef, 2, 1, 64},
	le16(0x1d6b), le16(0x0102), le16(0x0100), []byte{1, 2, 3, 1})

func frame(subtype, index, w, h int) []byte {
	return join([]byte{26 + 2*4, 0x24, byte(subtype), byte(index), 0}, le16(w), le16(h),
		le32(w*h*16*15), le32(w*h*16*30), le32(w*h*2), le32(333333), []byte{2}, le32(333333), le32(666666))
}

func configuration() []byte {
	// Interface 0, video control: camera terminal 1 -> output terminal 2.
	terminals := join([]byte{18, 0x24, 2, 1}, le16(0x0201), make([]byte, 8), []byte{3, 0, 0, 0},
		[]byte{9, 0x24, 3, 2}, le16(0x0101), []byte{0, 1, 0})
	control := join([]byte{9, 4, 0, 0, 0, 0x0e, 1, 0, 0},
		[]byte{13, 0x24, 1}, le16(0x0110), le16(13+len(terminals)), le32(48000000), []byte{1, 1}, terminals)

	// Interface 1, video streaming over one bulk endpoint: format 1 MJPEG, format 2 YUY2.
	yuy2 := []byte("YUY2\x00\x00\x10\x00\x80\x00\x00\xaa\x00\x38\x9b\x71")
	color := []byte{6, 0x24, 0x0d, 1, 1, 4}
	formats := join([]byte{11, 0x24, 6, 1, 2, 1, 1, 0, 0, 0, 0}, frame(7, 1, 640, 480), frame(7, 2, 320, 240), color,
		[]byte{27, 0x24, 4, 2, 1}, yuy2, []byte{16, 1, 0, 0, 0, 0}, frame(5, 1, 320, 240), color)
	streaming := join([]byte{9, 4, 1, 0, 1, 0x0e, 2, 0, 0},
		[]byte{15, 0x24, 1, 2}, le16(15+len(formats)), []byte{videoEndpoint, 0, 2, 0, 0, 0, 1, 0, 0}, formats,
		[]byte{7, 5, videoEndpoint, 2}, le16(512), []byte{0})

	// Interfaces 2 and 3, audio control and streaming: microphone 1 -> USB terminal 3,
	// one isochronous packet a millisecond.
	mic := join([]byte{12, 0x24, 2, 1}, le16(0x0201), []byte{0, 1, 0, 0, 0, 0},
		[]byte{9, 0x24, 3, 3}, le16(0x0101), []byte{0, 1, 0})
	audio := join([]byte{9, 4, 2, 0, 0, 1, 1, 0, 0},
		[]byte{9, 0x24, 1}, le16(0x0100), le16(9+len(mic)), []byte{1, 3}, mic,
		[]byte{9, 4, 3, 0, 0, 1, 2, 0, 0}, // alternate setting 0: idle
		[]byte{9, 4, 3, 1, 1, 1, 2, 0, 0}, // alternate setting 1: streaming
		[]byte{7, 0x24, 1, 3, 1}, le16(1),
		[]byte{11, 0x24, 2, 1, 1, 2, 16, 1, sampleRate & 255, sampleRate >> 8 & 255, 0},
		[]byte{9, 5, audioEndpoint, 5}, le16(100), []byte{4, 0, 0},
		[]byte{7, 0x25, 1, 0, 0, 0, 0})

	body := join([]byte{8, 11, 0, 2, 0x0e, 3, 0, 0}, control, streaming,
		[]byte{8, 11, 2, 2, 1, 0, 0, 0}, audio)
	return join([]byte{9, 2}, le16(9+len(body)), []byte{4, 1, 0, 0x80, 50}, body)
}

func stringDescriptor(s string) []byte {
	b := []byte{byte(2 + 2*len(s)), 3}
	for i := range len(s) {
		b = append(b, s[i], 0)
	}
	return b
}

// --- The device ------------------------------------------------------------------

// A transfer is an IN request of the host that waits for data.
type transfer struct {
	seq     uint32
	size    int
	packets []byte // isochronous only: the host's packet descriptors
}

type webcam struct {
	link  *os.File
	write sync.Mutex

	mu      sync.Mutex
	queued  *sync.Cond
	waiting map[uint32][]transfer // by endpoint number
	probe   [34]byte              // UVC streaming parameters
	session int                   // counts video commits: a new one ends the old stream

	serial   string
	pictures map[image.Point][][]byte // JPEG files to show, by their size
	sound    []int16
	stalled  atomic.Bool
	damage   atomic.Bool
}

// USB/IP commands.
const (
	cmdSubmit = 1
	cmdUnlink = 2
	retSubmit = 3
	retUnlink = 4
)

func (w *webcam) reply(command, seq uint32, status int32, actual, packets int, data []byte) {
	h := make([]byte, 48, 48+len(data))
	binary.BigEndian.PutUint32(h[0:], command)
	binary.BigEndian.PutUint32(h[4:], seq)
	binary.BigEndian.PutUint32(h[20:], uint32(status))
	binary.BigEndian.PutUint32(h[24:], uint32(actual))
	binary.BigEndian.PutUint32(h[32:], uint32(packets))
	w.write.Lock()
	defer w.write.Unlock()
	_, _ = w.link.Write(append(h, data...)) // serve sees that the link is broken
}

// serve answers the host until the link breaks.
func (w *webcam) serve() error {
	var h [48]byte
	field := func(at int) uint32 { return binary.BigEndian.Uint32(h[at:]) }
	for {
		if _, err := io.ReadFull(w.link, h[:]); err != nil {
			return err
		}
		seq, in, endpoint := field(4), field(12) == 1, field(16)
		switch field(0) {
		case cmdSubmit:
			size, packets := int(int32(field(24))), int(int32(field(32)))
			var extra []byte
			if !in {
				extra = make([]byte, size)
			} else if packets > 0 {
				extra = make([]byte, 16*packets)
			}
			if _, err := io.ReadFull(w.link, extra); err != nil {
				return err
			}
			if endpoint == 0 {
				data, status := w.control(h[40:48], extra)
				actual := len(data)
				if !in && status == 0 {
					actual = size
				}
				w.reply(retSubmit, seq, status, actual, 0, data)
				continue
			}
			w.mu.Lock()
			w.waiting[endpoint] = append(w.waiting[endpoint], transfer{seq, size, extra})
			w.queued.Broadcast()
			w.mu.Unlock()
		case cmdUnlink:
			status := int32(0) // already done
			w.mu.Lock()
			for e, list := range w.waiting {
				for i, t := range list {
					if t.seq == field(20) {
						w.waiting[e] = append(list[:i:i], list[i+1:]...)
						status = -int32(syscall.ECONNRESET)
						break
					}
				}
			}
			w.reply(retUnlink, seq, status, 0, 0, nil)
			w.mu.Unlock()
		default:
			return fmt.Errorf("unknown USB/IP command %d", field(0))
		}
	}
}

// next waits for a transfer on an endpoint, while alive says that it is still wanted.
// The transfer stays in the queue: the host may yet cancel it.
func (w *webcam) next(endpoint uint32, alive func() bool) (transfer, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for len(w.waiting[endpoint]) == 0 && alive() {
		w.queued.Wait()
	}
	if !alive() {
		return transfer{}, false
	}
	return w.waiting[endpoint][0], true
}

// finish sends a transfer's data and says true, unless the host cancelled it meanwhile:
// vhci_hcd drops the device if it gets an answer to a transfer that it has cancelled.
func (w *webcam) finish(endpoint uint32, t transfer, actual, packets int, data []byte) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	list := w.waiting[endpoint]
	if len(list) == 0 || list[0].seq != t.seq {
		return false
	}
	w.waiting[endpoint] = list[1:]
	w.reply(retSubmit, t.seq, 0, actual, packets, data)
	return true
}

// control answers a request on endpoint 0.
func (w *webcam) control(setup, out []byte) (in []byte, status int32) {
	value, index, length := binary.LittleEndian.Uint16(setup[2:]), setup[4], int(binary.LittleEndian.Uint16(setup[6:]))
	give := func(b []byte) ([]byte, int32) { return b[:min(len(b), length)], 0 }
	stall := -int32(syscall.EPIPE)

	switch binary.BigEndian.Uint16(setup) { // bmRequestType, bRequest
	case 0x8006: // GET_DESCRIPTOR
		switch value {
		case 0x0100:
			return give(device)
		case 0x0200:
			return give(configuration())
		case 0x0300:
			return give([]byte{4, 3, 9, 4})
		case 0x0301:
			return give(stringDescriptor("vmtest"))
		case 0x0302:
			return give(stringDescriptor("webcam"))
		case 0x0303:
			return give(stringDescriptor(w.serial))
		}
		return nil, stall
	case 0x0009, 0x010b, 0x0201, 0x2201: // SET_CONFIGURATION, SET_INTERFACE, CLEAR_FEATURE, audio SET_CUR
		return nil, 0
	case 0x8000, 0x8100, 0x8200: // GET_STATUS
		return give([]byte{0, 0})
	}

	if index != 1 { // only the video streaming interface has class requests
		return nil, stall
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	switch setup[1] {
	case 0x01: // SET_CUR
		w.negotiate(out)
		if value>>8 == 2 { // commit
			w.session++
			w.queued.Broadcast()
			go w.video(w.session, w.probe)
		}
		return nil, 0
	case 0x81, 0x82, 0x83, 0x87: // GET_CUR, MIN, MAX, DEF
		return give(bytes.Clone(w.probe[:]))
	case 0x85: // GET_LEN
		return give(le16(len(w.probe)))
	case 0x86: // GET_INFO
		return give([]byte{3})
	}
	return nil, stall
}

// negotiate makes what the host asked for something the camera can do.
func (w *webcam) negotiate(asked []byte) {
	copy(w.probe[:], asked)
	w.probe[2], w.probe[3] = min(max(w.probe[2], 1), 2), min(max(w.probe[3], 1), 2)
	interval := 333333
	if binary.LittleEndian.Uint32(w.probe[4:]) > 500000 {
		interval = 666666
	}
	copy(w.probe[4:], le32(interval))
	width, height := size(w.probe)
	copy(w.probe[18:], le32(width*height*2))
	copy(w.probe[22:], le32(maxPayload))
	copy(w.probe[26:], le32(48000000))
}

func size(probe [34]byte) (width, height int) {
	if probe[2] == 1 && probe[3] == 1 {
		return 640, 480
	}
	return 320, 240
}

// --- Pictures and sound ------------------------------------------------------------

// picture draws number n of a moving test pattern.
func picture(width, height, n int) *image.YCbCr {
	m := image.NewYCbCr(image.Rect(0, 0, width, height), image.YCbCrSubsampleRatio422)
	for y := range height {
		for x := range width {
			r, g, b := byte(x*255/width), byte(y*255/height), byte(n*32)
			if (x/16+y/16+n)%8 == 0 {
				r, g, b = 255, 255, 255
			}
			m.Y[m.YOffset(x, y)], m.Cb[m.COffset(x, y)], m.Cr[m.COffset(x, y)] = color.RGBToYCbCr(r, g, b)
		}
	}
	return m
}

// drawn are eight pictures, as JPEG or YUYV.
func drawn(width, height int, compressed bool) [][]byte {
	pictures := make([][]byte, 8)
	for n := range pictures {
		m := picture(width, height, n)
		if compressed {
			var b bytes.Buffer
			check(jpeg.Encode(&b, m, nil))
			pictures[n] = b.Bytes()
			continue
		}
		for i := 0; i < width*height; i += 2 {
			pictures[n] = append(pictures[n], m.Y[i], m.Cb[i/2], m.Y[i+1], m.Cr[i/2])
		}
	}
	return pictures
}

// video sends pictures until a later session begins.
func (w *webcam) video(session int, probe [34]byte) {
	width, height := size(probe)
	pictures := w.pictures[image.Pt(width, height)]
	if probe[2] != 1 || len(pictures) == 0 {
		pictures = drawn(width, height, probe[2] == 1)
	}
	alive := func() bool { return w.session == session }
	tick := time.NewTicker(time.Duration(binary.LittleEndian.Uint32(probe[4:])) * 100)
	defer tick.Stop()
	for n := 0; ; n++ {
		<-tick.C
		for w.stalled.Load() {
			time.Sleep(5 * time.Millisecond)
		}
		flags := byte(0x80 | n&1) // end of header, frame parity
		if w.damage.Swap(false) {
			flags |= 0x40
		}
		for data := pictures[n%len(pictures)]; len(data) > 0; {
			t, ok := w.next(videoEndpoint&15, alive)
			if !ok {
				return
			}
			k := min(len(data), maxPayload-2, t.size-2)
			if k == len(data) {
				flags |= 2 // end of frame
			}
			if w.finish(videoEndpoint&15, t, k+2, 0, join([]byte{2, flags}, data[:k])) {
				data = data[k:]
			}
		}
	}
}

// audio answers each transfer of n packets with the next n milliseconds of sound,
// when that much time has passed.
func (w *webcam) audio() {
	const perPacket = sampleRate / 1000
	var due time.Time
	for at := 0; ; {
		t, _ := w.next(audioEndpoint&15, func() bool { return true })
		n := len(t.packets) / 16
		if now := time.Now(); now.Sub(due) > time.Second {
			due = now // a new stream
		}
		due = due.Add(time.Duration(n) * time.Millisecond)
		time.Sleep(time.Until(due))
		data := make([]byte, 0, 2*n*perPacket+len(t.packets))
		for range n * perPacket {
			data = append(data, le16(int(w.sound[at]))...)
			at = (at + 1) % len(w.sound)
		}
		for i := range n {
			binary.BigEndian.PutUint32(t.packets[16*i+8:], 2*perPacket) // actual length
			binary.BigEndian.PutUint32(t.packets[16*i+12:], 0)          // status
		}
		w.finish(audioEndpoint&15, t, 2*n*perPacket, n, append(data, t.packets...))
	}
}

func main() {
	pcm := flag.String("pcm", "", "what the microphone hears: raw S16_LE mono 48 kHz `file`, looped")
	port := flag.Int("port", 0, "port of vhci_hcd to plug into (0-7)")
	serial := flag.String("serial", "0001", "serial number")
	files := flag.String("pictures", "", "JPEG files to show where they have the size that is asked for, as a `pattern` such as pictures/*.jpg")
	flag.Parse()

	w := &webcam{waiting: map[uint32][]transfer{}, serial: *serial, pictures: map[image.Point][][]byte{}}
	names, err := filepath.Glob(*files)
	check(err)
	for _, name := range names {
		b, err := os.ReadFile(name)
		check(err)
		info, err := jpeg.DecodeConfig(bytes.NewReader(b))
		check(err)
		size := image.Pt(info.Width, info.Height)
		w.pictures[size] = append(w.pictures[size], b)
	}
	w.queued = sync.NewCond(&w.mu)
	w.negotiate(nil)
	if *pcm != "" {
		b, err := os.ReadFile(*pcm)
		check(err)
		w.sound = make([]int16, len(b)/2)
		check(binary.Read(bytes.NewReader(b), binary.LittleEndian, w.sound))
	}
	if len(w.sound) == 0 {
		for i := range sampleRate / 1000 { // one period of 1 kHz
			w.sound = append(w.sound, int16(math.Round(16384*math.Sin(2*math.Pi*float64(i)*1000/sampleRate))))
		}
	}

	ends, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
	check(err)
	w.link = os.NewFile(uintptr(ends[0]), "link")
	const highSpeed = 3
	check(os.WriteFile("/sys/devices/platform/vhci_hcd.0/attach",
		fmt.Appendf(nil, "%d %d %d %d", *port, ends[1], *port+1, highSpeed), 0))
	check(syscall.Close(ends[1])) // the kernel holds its own reference

	signals := make(chan os.Signal, 8)
	signal.Notify(signals, syscall.SIGUSR1, syscall.SIGUSR2)
	go func() {
		for s := range signals {
			if s == syscall.SIGUSR1 {
				w.stalled.Store(!w.stalled.Load())
			} else {
				w.damage.Store(true)
			}
		}
	}()
	go w.audio()
	check(w.serve())
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "usbcam:", err)
		os.Exit(1)
	}
}
