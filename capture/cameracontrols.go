package capture

import (
	"errors"
	"fmt"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/capture/v4l2"
)

// namedControls are the controls that have properties of their own.
func (p *cameraProps) namedControls() map[string]int {
	return map[string]int{"brightness": p.Brightness, "contrast": p.Contrast, "hue": p.Hue, "saturation": p.Saturation}
}

// applyControls sets what the properties say on a camera that was opened.
func (s *cameraSource) applyControls(camera *v4l2.Camera) error {
	p := s.how()
	var problems []error
	for _, name := range []string{"brightness", "contrast", "hue", "saturation"} {
		if value := p.namedControls()[name]; value != 0 {
			problems = append(problems, setControl(camera, name, fmt.Sprint(value)))
		}
	}
	return errors.Join(append(problems, s.extraControls(camera))...)
}

func (s *cameraSource) extraControls(camera *v4l2.Camera) error {
	for _, f := range s.how().ExtraControls.Fields {
		if err := setControl(camera, f.Name, fmt.Sprint(f.Value)); err != nil {
			return err
		}
	}
	return nil
}

func setControl(camera *v4l2.Camera, name, value string) error {
	control, err := camera.FindControl(name)
	if err != nil {
		return err
	}
	return camera.SetValue(&control, value)
}

// PropertyChanged implements eiengine.PropertyWatcher.
func (s *v4l2Src) PropertyChanged(_ *eiengine.Ctx, name string) error {
	camera := s.camera.Load()
	if camera == nil {
		return nil // set when it is back
	}
	if name == "extra-controls" {
		return s.extraControls(camera)
	}
	if value, ok := s.how().namedControls()[name]; ok {
		return setControl(camera, name, fmt.Sprint(value))
	}
	return nil
}
