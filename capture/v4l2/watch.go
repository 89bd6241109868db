package v4l2

import (
	"context"
	"iter"

	"github.com/eiengine/eiengine/internal/hotplug"
)

// Change is a camera that came or went.
type Change struct {
	CameraInfo
	Gone bool
}

// Watch tells the cameras that are there, and then which come and go, until ctx ends,
// whose error is not told. Other errors are told, and end it.
func Watch(ctx context.Context) iter.Seq2[Change, error] {
	return func(yield func(Change, error) bool) {
		if err := watch(ctx, func(c Change) bool { return yield(c, nil) }); err != nil && ctx.Err() == nil {
			yield(Change{}, err)
		}
	}
}

func watch(ctx context.Context, tell func(Change) bool) error {
	var known []CameraInfo
	return hotplug.Follow(ctx, func() bool {
		now, _ := Cameras() // those that may not be opened may be later
		gone, come := hotplug.Changes(known, now)
		known = now
		for _, c := range gone {
			if !tell(Change{c, true}) {
				return false
			}
		}
		for _, c := range come {
			if !tell(Change{c, false}) {
				return false
			}
		}
		return true
	}, "/dev/video")
}
