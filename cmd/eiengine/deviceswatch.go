package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"sync"

	"github.com/eiengine/eiengine/capture/pcm"
	"github.com/eiengine/eiengine/capture/v4l2"
)

// deviceChange is a line of --watch --json.
type deviceChange struct {
	Event  string           `json:"event"` // "added" or "removed"
	Camera *v4l2.CameraInfo `json:"camera,omitempty"`
	Sound  *pcm.Device      `json:"sound,omitempty"`
}

func (c *deviceChange) text() string {
	if c.Camera != nil {
		return fmt.Sprintf("%-7s  %s  %s  %s", c.Event, c.Camera.Path, c.Camera.Name, c.Camera.ID)
	}
	return fmt.Sprintf("%-7s  %s  %s  %s", c.Event, c.Sound.Name, c.Sound.Description, c.Sound.ID)
}

func event(gone bool) string {
	if gone {
		return "removed"
	}
	return "added"
}

// watchDevices tells what is there, and then what changes, until ctx ends.
func watchDevices(ctx context.Context, w io.Writer, asJSON bool) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var mu sync.Mutex // of w
	tell := func(c deviceChange) error {
		mu.Lock()
		defer mu.Unlock()
		if asJSON {
			return json.NewEncoder(w).Encode(c)
		}
		_, err := fmt.Fprintln(w, c.text())
		return err
	}
	sound := make(chan error, 1)
	go func() {
		sound <- tellChanges(pcm.Watch(ctx), func(c pcm.Change) error {
			return tell(deviceChange{Event: event(c.Gone), Sound: &c.Device})
		})
		stop()
	}()
	err := tellChanges(v4l2.Watch(ctx), func(c v4l2.Change) error {
		return tell(deviceChange{Event: event(c.Gone), Camera: &c.CameraInfo})
	})
	stop()
	return errors.Join(err, <-sound)
}

// tellChanges tells each, until one cannot be told.
func tellChanges[T any](changes iter.Seq2[T, error], tell func(T) error) error {
	for c, err := range changes {
		if err == nil {
			err = tell(c)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
