package v4l2_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/eiengine/eiengine/capture/v4l2"
	"github.com/eiengine/eiengine/frames"
)

// The first camera at 640x480, for ten seconds.
func Example() {
	cameras, err := v4l2.Cameras()
	if len(cameras) == 0 {
		log.Fatal("no camera: ", err)
	}
	camera, err := v4l2.Open(cameras[0].Path)
	if err != nil {
		log.Fatal(err)
	}
	defer camera.Close()
	format, err := camera.SetFormat(v4l2.Request{
		FourCC: v4l2.YUYV, Width: 640, Height: 480, FPS: frames.Fraction{Num: 30, Den: 1},
	})
	if err != nil {
		log.Fatal(err)
	}
	if err := camera.Start(v4l2.Options{Stall: time.Second}); err != nil {
		log.Fatal(err)
	}
	video, raw := format.Video()
	ctx, stop := context.WithTimeout(context.Background(), 10*time.Second)
	defer stop()
	for {
		frame, err := camera.Next(ctx)
		switch {
		case errors.Is(err, v4l2.ErrStalled):
			fmt.Println("no picture for a second")
			continue
		case err != nil:
			fmt.Println(err)
			return
		}
		if layout, whole := format.Layout(&frame); raw && whole {
			picture := video.Picture(frame.Memory.Bytes(), layout)
			fmt.Println(v4l2.Now()-frame.Time, "old,", picture.Row(0, 0)[:4])
		}
		frame.Memory.Release() // the driver fills it again
	}
}

// Whatever comes and goes, until the program is interrupted.
func ExampleWatch() {
	for change, err := range v4l2.Watch(context.Background()) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(change.Path, change.Name, change.ID, "gone:", change.Gone)
	}
}
