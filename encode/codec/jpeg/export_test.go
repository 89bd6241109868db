package jpeg

import (
	"errors"
	"image"
	"testing"

	"github.com/eiengine/eiengine/frames"
)

// StoreForTest lets tests give an image of a subsampling that image/jpeg does not
// write.
func StoreForTest(dst *frames.Picture, img image.Image) error { return new(Decoder).store(dst, img) }

// WithoutLibrary makes image/jpeg do everything until the test ends.
func WithoutLibrary(t testing.TB) {
	was := openLibrary
	openLibrary = func() (*library, error) { return nil, errors.New("not in this test") }
	t.Cleanup(func() { openLibrary = was })
}
