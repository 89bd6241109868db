package photos

import (
	"fmt"
	"image"
	_ "image/jpeg" // the photographs come as both
	_ "image/png"
	"os"
	"path/filepath"
)

// HeldOut is never trained on, so that photographs can be measured too.
const HeldOut = "coffee.jpg"

// Load reads all PNG and JPEG files of a folder; held is the one that is not to
// be trained on.
func Load(folder string) (all, held []image.Image, err error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, nil, fmt.Errorf("photographs: %w; run in the root of the repository or set -photos", err)
	}
	for _, e := range entries {
		if ext := filepath.Ext(e.Name()); ext != ".png" && ext != ".jpg" {
			continue
		}
		m, err := load(filepath.Join(folder, e.Name()))
		if err != nil {
			return nil, nil, err
		}
		if e.Name() == HeldOut {
			held = append(held, m)
			continue
		}
		all = append(all, m)
	}
	if len(all) == 0 || len(held) == 0 {
		return nil, nil, fmt.Errorf("%s must hold %s and at least one other photograph (.png or .jpg)", folder, HeldOut)
	}
	return all, held, nil
}

func load(name string) (image.Image, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	m, _, err := image.Decode(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return m, nil
}
