// Package v4l2 captures from the cameras of Linux, by the kernel's Video4Linux2
// interface alone: no cgo, no library. It needs no graph: a program opens a camera,
// takes frames and releases them. Applications that want images, and a camera that
// comes back by itself, find them in package camera.
//
//	cameras, _ := v4l2.Cameras()
//	camera, err := v4l2.Open(cameras[0].Path)
//	format, err := camera.SetFormat(v4l2.Request{FourCC: v4l2.YUYV, Width: 640, Height: 480})
//	err = camera.Start(v4l2.Options{Stall: time.Second})
//	for {
//		frame, err := camera.Next(ctx)
//		// frame.Memory.Bytes() are the driver's own
//		frame.Memory.Release()
//	}
//
// # What is true
//
// [Camera.SetFormat] gives back what the driver has really set: size, stride, bytes of
// a picture, colours and rate. Only nodes that capture pictures are cameras; the
// metadata node that every USB camera has is none.
//
// # Buffers
//
// Frames lie where the driver put them. The planes of a picture, which some drivers
// keep in memory of their own each, are mapped one behind the other, so that a frame is
// one block all the same. A buffer goes back to the driver with the last release of its
// memory, by whichever goroutine. Two buffers always stay with the driver, so that a
// slow reader never makes it stand still: what comes while all others are lent is
// copied ([Options].Spare) or left out, and counted either way ([Camera.Stats]).
// [Camera.Stop] does not wait for readers; what they hold stays mapped until they
// release it.
//
// # Faults
//
// Buffers that the driver marks as damaged are left out and counted. [ErrStalled] says
// that no picture came in time, and the next call waits again. [ErrGone] (unplugged) and
// [ErrBroken] (the driver gave up) are final for the stream; after ErrBroken, Stop and
// Start may help. A camera that comes back may have another node; [CameraInfo].ID stays, and
// [Find] looks it up.
//
// # Times
//
// [Frame].Time is the driver's stamp on CLOCK_MONOTONIC, the clock that Go's time
// measures with; [Now] reads it.
package v4l2
