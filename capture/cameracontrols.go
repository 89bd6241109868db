package capture

import (
	"errors"
	"fmt"
	"slices"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/capture/v4l2"
)

// namedControls are the controls that have properties of their own.
var namedControls = [...]string{"brightness", "contrast", "hue", "saturation"}

// named is the value that a property gives one of namedControls.
func (p *cameraProps) named(i int) string {
	return fmt.Sprint([...]int{p.Brightness, p.Contrast, p.Hue, p.Saturation}[i])
}

// applyControls sets what the properties say on a camera that was opened.
func (s *cameraSource) applyControls(camera *v4l2.Camera) error {
	p := s.how()
	var problems []error
	for i, name := range namedControls {
		if value := p.named(i); value != "0" || s.changed[i].Load() {
			problems = append(problems, camera.Set(name, value))
		}
	}
	return errors.Join(append(problems, s.extraControls(camera))...)
}

func (s *cameraSource) extraControls(camera *v4l2.Camera) error {
	for _, f := range s.how().ExtraControls.Fields {
		if err := camera.Set(f.Name, fmt.Sprint(f.Value)); err != nil {
			return err
		}
	}
	return nil
}

// PropertyChanged implements eiengine.PropertyWatcher.
func (s *v4l2Src) PropertyChanged(_ *eiengine.Ctx, name string) error {
	i := slices.Index(namedControls[:], name)
	if i >= 0 {
		s.changed[i].Store(true)
	}
	camera := s.camera.Load()
	switch {
	case camera == nil:
		return nil // set when it is back
	case name == "extra-controls":
		return s.extraControls(camera)
	case i >= 0:
		return camera.Set(name, s.how().named(i))
	}
	return nil
}
