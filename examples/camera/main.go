// Command camera takes pictures of a camera, without a graph: it writes the last as a JPEG and
// says how bright each was. It stays if the camera is unplugged, and goes on when it is back.
//
//	go run ./examples/camera                       # ten pictures of the first camera
//	go run ./examples/camera /dev/video2 100 1280 720
package main

import (
	"context"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"log"
	"os"
	"os/signal"
	"strconv"

	"github.com/eiengine/eiengine/capture/camera"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	o, count := camera.Options{}, 10
	if len(os.Args) > 1 {
		o.Device = os.Args[1]
	}
	for i, number := range []*int{&count, &o.Width, &o.Height} {
		if len(os.Args) > i+2 {
			n, err := strconv.Atoi(os.Args[i+2])
			if err != nil || n <= 0 {
				log.Fatalf("%q is no count or size: give a number from 1 on", os.Args[i+2])
			}
			*number = n
		}
	}
	if err := run(ctx, o, count); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, o camera.Options, count int) error {
	cam, err := camera.Open(o)
	if err != nil {
		return err
	}
	defer cam.Close()
	f := cam.Format()
	fmt.Printf("%s: %s %dx%d, %s a second\n", cam.Info().Name, f.FourCC, f.Width, f.Height, f.FPS)
	for frame, err := range cam.Frames(ctx) {
		if err != nil {
			fmt.Println(err) // and wait until it goes on
			continue
		}
		count--
		err = look(frame, count == 0)
		frame.Release() // the driver fills it again
		if err != nil || count == 0 {
			return err
		}
	}
	return ctx.Err()
}

func look(frame *camera.Frame, last bool) error {
	picture, err := frame.Image()
	if err != nil {
		fmt.Println(err) // this one was damaged
		return nil
	}
	fmt.Printf("%s: picture %d, brightness %d\n", frame.Time.Format("15:04:05.000"), frame.Sequence, brightness(picture))
	if !last {
		return nil
	}
	out, err := os.Create("camera.jpg")
	if err != nil {
		return err
	}
	defer out.Close()
	if err := jpeg.Encode(out, picture, nil); err != nil {
		return err
	}
	return out.Close()
}

// brightness is the mean of a grid of pixels, 0 to 255.
func brightness(m image.Image) int {
	sum, n, r := 0, 0, m.Bounds()
	for y := r.Min.Y; y < r.Max.Y; y += 16 {
		for x := r.Min.X; x < r.Max.X; x += 16 {
			sum += int(color.GrayModel.Convert(m.At(x, y)).(color.Gray).Y)
			n++
		}
	}
	return sum / n
}
