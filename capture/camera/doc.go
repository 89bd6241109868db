// Package camera is for programs that want pictures of a camera, and no graph:
//
//	cam, err := camera.Open(camera.Options{Width: 640, Height: 480})
//	if err != nil {
//		return err
//	}
//	defer cam.Close()
//	for frame, err := range cam.Frames(ctx) {
//		if err != nil {
//			log.Print(err) // stalled or unplugged: stay in the loop until it is back, or leave
//			continue
//		}
//		picture, err := frame.Image()
//		…
//		frame.Release()
//	}
//
// Of what the camera can do [Open] chooses what is nearest to the wishes and cheapest to
// read; [Camera.Format] says what that is. Package v4l2, below, has everything else that
// the kernel offers.
//
// # Frames
//
// A frame lies where the driver put it. It is the caller's until [Frame.Release], which
// any goroutine may call, and everything that its methods gave is valid until then. A
// program that forgets to release gets copies once the driver's buffers have run out, and then
// gaps, which [Camera.Stats] counts; the camera itself never stands still.
//
// [Frame.Image] gives an image.Image with the right colours, [Frame.Picture] the planes for
// the packages frames/pixel and encode/codec:
//
//	camera gives                              Image is                       copied
//	gray                                      *image.Gray                    no
//	I420, YV12 in the colours of JPEG         *image.YCbCr                   no
//	RGB in any order                          *pixel.Image                   no
//	other luma and chroma, such as YUYV       *image.YCbCr                   converted
//	MJPEG                                     *image.YCbCr                   decoded
//
// Nothing is allocated for a frame once as many as are in use at a time have been seen.
//
// # Faults
//
// The loop is told once of each fault, and decides: who leaves it has the error, who stays
// in it waits. A camera that stands still ([v4l2.ErrStalled]) is started anew after some
// time. One that was unplugged ([v4l2.ErrGone]) or whose driver gave up ([v4l2.ErrBroken]) is
// looked for by its identity, wherever it is plugged in again, and set to the same format
// and controls; the first frame then has [Frame.Resumed] set.
package camera
