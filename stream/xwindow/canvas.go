package xwindow

import (
	"errors"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/shm"
	"github.com/jezek/xgb/xproto"
	"golang.org/x/sys/unix"

	"github.com/eiengine/eiengine/frames"
)

// canvas is the pixels of a window, BGRx as the server has them: in memory that it shares,
// or, of a server elsewhere, sent with each picture.
type canvas struct {
	picture frames.Picture
	shared  []byte
	segment shm.Seg
}

func newCanvas(conn *xgb.Conn, width, height int) (*canvas, error) {
	if c, err := sharedCanvas(conn, width, height); err == nil {
		return c, nil
	}
	return &canvas{picture: frames.NewPicture(frames.BGRx, width, height)}, nil
}

// sharedCanvas fails for a server on another machine.
func sharedCanvas(conn *xgb.Conn, width, height int) (c *canvas, err error) {
	if err := useSharedMemory(conn); err != nil {
		return nil, err
	}
	segment, err := shm.NewSegId(conn)
	if err != nil {
		return nil, err
	}
	info := frames.VideoInfo{Format: frames.BGRx, Width: width, Height: height}
	id, err := unix.SysvShmGet(unix.IPC_PRIVATE, 4*width*height, unix.IPC_CREAT|0o600)
	if err != nil {
		return nil, err
	}
	// It lives until the last of the two detaches, also if this process is killed.
	defer func() {
		if _, e := unix.SysvShmCtl(id, unix.IPC_RMID, nil); e != nil && err == nil {
			err = e
		}
	}()
	data, err := unix.SysvShmAttach(id, 0, 0)
	if err != nil {
		return nil, err
	}
	if err := shm.AttachChecked(conn, segment, uint32(id), true).Check(); err != nil {
		return nil, errors.Join(err, unix.SysvShmDetach(data))
	}
	return &canvas{picture: info.Picture(data, info.DefaultLayout()), shared: data, segment: segment}, nil
}

// useSharedMemory does for a connection what shm.Init does, which also changes tables of
// the package xgb that all connections read meanwhile, without a lock. They are for events
// that nobody asks for here, and for a segment that was never attached.
func useSharedMemory(conn *xgb.Conn) error {
	const name = "MIT-SHM"
	reply, err := xproto.QueryExtension(conn, uint16(len(name)), name).Reply()
	if err != nil {
		return err
	}
	if !reply.Present {
		return errors.New("the X server shares no memory")
	}
	conn.ExtLock.Lock()
	defer conn.ExtLock.Unlock()
	conn.Extensions[name] = reply.MajorOpcode
	return nil
}

// put has the server draw the canvas, and returns when it has read it.
func (c *canvas) put(w *Window) error {
	width, height := uint16(c.picture.Width), uint16(c.picture.Height)
	if c.shared != nil {
		return shm.PutImageChecked(w.conn, xproto.Drawable(w.id), w.gc, width, height, 0, 0, width, height, 0, 0,
			w.depth, xproto.ImageFormatZPixmap, 0, c.segment, 0).Check()
	}
	// A request has to stay under 256 KiB.
	rows := max(1, (1<<18-64)/(4*c.picture.Width))
	for y := 0; y < c.picture.Height; y += rows {
		n := min(rows, c.picture.Height-y)
		data := c.picture.Data[0][y*c.picture.Stride[0] : (y+n)*c.picture.Stride[0]]
		if err := xproto.PutImageChecked(w.conn, xproto.ImageFormatZPixmap, xproto.Drawable(w.id), w.gc,
			width, uint16(n), 0, int16(y), 0, w.depth, data).Check(); err != nil {
			return err
		}
	}
	return nil
}

func (c *canvas) free(conn *xgb.Conn) {
	if c.shared == nil {
		return
	}
	shm.Detach(conn, c.segment)
	_ = unix.SysvShmDetach(c.shared) // it is ours
	c.shared, c.picture = nil, frames.Picture{}
}
