package infer_test

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// stampSize is the width and height of the pictures that stamp takes.
const stampSize = 320

// stamp is the smallest model process that there can be: one blocking read and one
// write a request, as a program in C makes them. Its answer, the score of the label
// "work", is the nanoseconds that lie between the two, in which it reads its input
// and, if STAMP_WORK says so, waits, all without Go's scheduler: what remains of a
// round trip is the engine's and the kernel's.
func stamp(args []string) int {
	if err := serveStamps(args[0]); err != nil {
		fmt.Println(err)
		return 1
	}
	return 0
}

func serveStamps(path string) error {
	work, err := time.ParseDuration(os.Getenv("STAMP_WORK"))
	if err != nil {
		return err
	}
	in, name, err := stampMemory()
	if err != nil {
		return err
	}
	ln, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	if err := unix.Bind(ln, &unix.SockaddrUnix{Name: path}); err != nil {
		return err
	}
	if err := unix.Listen(ln, 1); err != nil {
		return err
	}
	fd, _, err := unix.Accept(ln)
	if err != nil {
		return err
	}
	runtime.LockOSThread()
	pause := unix.NsecToTimespec(work.Nanoseconds())
	buf := make([]byte, 4096)
	out := make([]byte, 0, 4096)
	var sum float32
	for {
		n, err := unix.Read(fd, buf)
		if err != nil || n == 0 {
			return err
		}
		began := time.Now()
		_, id, _ := bytes.Cut(buf[:n], []byte(`"id":`))
		id = id[:len(id)-len(bytes.TrimLeft(id, "0123456789"))]
		if bytes.Contains(buf[:n], []byte(`"hello"`)) {
			out = fmt.Appendf(out[:0], `{"id":%s,"success":true,"features_shm":{"name":"%s","size_bytes":%d,"type":"float32","elements":%d},`+
				`"model_parameters":{"model_type":"classification","sensor":3,"labels":["work"],"input_features_count":%d,`+
				`"image_input_width":%d,"image_input_height":%d,"image_channel_count":3,"image_resize_mode":"squash"}}`,
				id, name, 4*len(in), len(in), len(in), stampSize, stampSize)
		} else {
			for _, v := range in {
				sum += v
			}
			unix.RawSyscall(unix.SYS_NANOSLEEP, uintptr(unsafe.Pointer(&pause)), 0, 0)
			out = append(append(append(out[:0], `{"id":`...), id...), `,"success":true,"timing":{"classification":0},"result":{"classification":{"work":`...)
			out = append(strconv.AppendInt(out, time.Since(began).Nanoseconds(), 10), "}}}"...)
		}
		out = append(out, '\n', 0)
		if _, _, errno := unix.RawSyscall(unix.SYS_WRITE, uintptr(fd), uintptr(unsafe.Pointer(&out[0])), uintptr(len(out))); errno != 0 {
			return errno
		}
	}
}

// mapStamp maps the input of a stamp for whoever asks it, and removes its name.
func mapStamp(path string) ([]float32, error) {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	const n = stampSize * stampSize
	mem, err := unix.Mmap(int(f.Fd()), 0, 4*n, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		return nil, err
	}
	return unsafe.Slice((*float32)(unsafe.Pointer(&mem[0])), n), os.Remove(path)
}

func stampMemory() (in []float32, name string, err error) {
	name = fmt.Sprintf("/shm-stamp-%d", os.Getpid())
	f, err := os.Create("/dev/shm" + name)
	if err != nil {
		return nil, "", err
	}
	defer f.Close()
	const n = stampSize * stampSize
	if err := f.Truncate(4 * n); err != nil {
		return nil, "", err
	}
	mem, err := unix.Mmap(int(f.Fd()), 0, 4*n, unix.PROT_READ, unix.MAP_SHARED)
	if err != nil {
		return nil, "", err
	}
	return unsafe.Slice((*float32)(unsafe.Pointer(&mem[0])), n), name, nil
}
