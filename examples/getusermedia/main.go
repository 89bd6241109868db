// Command getusermedia is a program for pion/mediadevices that gets its devices from the
// engine: the two blank imports are all that differs.
//
//	go run ./examples/getusermedia                 # list, then ten pictures of a camera
//	go run ./examples/getusermedia audio           # list, then a second of sound
package main

import (
	"fmt"
	"log"
	"os"

	"github.com/pion/mediadevices"
	"github.com/pion/mediadevices/pkg/prop"

	_ "github.com/eiengine/eiengine/capture/mediadevices/camera"     // was github.com/pion/mediadevices/pkg/driver/camera
	_ "github.com/eiengine/eiengine/capture/mediadevices/microphone" // was github.com/pion/mediadevices/pkg/driver/microphone
)

func main() {
	for _, d := range mediadevices.EnumerateDevices() {
		fmt.Println(d.DeviceType, d.Label)
	}
	take := video
	if len(os.Args) > 1 && os.Args[1] == "audio" {
		take = audio
	}
	if err := take(); err != nil {
		log.Fatal(err)
	}
}

func video() error {
	stream, err := mediadevices.GetUserMedia(mediadevices.MediaStreamConstraints{
		Video: func(c *mediadevices.MediaTrackConstraints) {
			c.Width = prop.Int(640)
			c.Height = prop.Int(480)
			c.FrameRate = prop.Float(30)
		},
	})
	if err != nil {
		return err
	}
	track := stream.GetVideoTracks()[0].(*mediadevices.VideoTrack)
	defer track.Close()
	reader := track.NewReader(false)
	for i := range 10 {
		picture, release, err := reader.Read()
		if err != nil {
			return err
		}
		fmt.Printf("picture %d: %T of %v\n", i, picture, picture.Bounds().Size())
		release()
	}
	return nil
}

func audio() error {
	stream, err := mediadevices.GetUserMedia(mediadevices.MediaStreamConstraints{
		Audio: func(c *mediadevices.MediaTrackConstraints) {
			c.SampleRate = prop.Int(16000)
			c.ChannelCount = prop.Int(1)
		},
	})
	if err != nil {
		return err
	}
	track := stream.GetAudioTracks()[0].(*mediadevices.AudioTrack)
	defer track.Close()
	reader := track.NewReader(false)
	for samples := 0; samples < 16000; {
		chunk, release, err := reader.Read()
		if err != nil {
			return err
		}
		samples += chunk.ChunkInfo().Len
		release()
		fmt.Println(samples, "samples")
	}
	return nil
}
