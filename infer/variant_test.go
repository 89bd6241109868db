package infer_test

import (
	"strings"
	"testing"

	"github.com/eiengine/eiengine/bus"
	"github.com/eiengine/eiengine/capture/scene"
)

// Launch lines for builds of the plugin with a model inside: the suffix names it.
func TestVariantsOfThePlugin(t *testing.T) {
	feed := func() *feeder { return shapesFeed(t, 2, 320, 240, scene.New(1, 320, 240, scene.Options{Count: 4})) }
	t.Setenv("EIENGINE_VARIANT_SHAPES_2", "builtin:shapes")
	r := newRig(t, feed(), "edgeimpulsevideoinfer_shapes-2 ! edgeimpulseoverlay_shapes-2")
	r.run()
	if got := len(payloads[*bus.Inference](r)); got != 2 {
		t.Errorf("%d results of 2 frames\n%s", got, r.texts())
	}
	if m := payloads[*bus.Model](r); len(m) != 1 || m[0].Path != "builtin:shapes" {
		t.Errorf("%+v", m)
	}
	r = newRig(t, feed(), "edgeimpulsevideoinfer_people")
	if err := r.p.Play(t.Context()); err == nil || !strings.Contains(err.Error(), "set model-path, or the environment variable EIENGINE_VARIANT_PEOPLE") {
		t.Error(err)
	}
	r = newRig(t, feed(), "edgeimpulsevideoinfer_people model-path=builtin:shapes")
	r.run()
}

// The properties of the plugin's elements are there, whatever build and year.
func TestPropertiesOfThePlugin(t *testing.T) {
	r := newRig(t, shapesFeed(t, 1, 320, 240, scene.New(1, 320, 240, scene.Options{})),
		`edgeimpulsevideoinfer name=i model-path=builtin:shapes threshold="1.min_score=0.6" threshold=1.min_score=0.7 debug=false`)
	r.run()
	for _, element := range []string{"edgeimpulsevideoinfer", "edgeimpulseaudioinfer"} {
		f, err := r.engine.Registry().Find(element)
		if err != nil {
			t.Fatal(err)
		}
		props, err := f.Properties()
		if err != nil {
			t.Fatal(err)
		}
		kinds := map[string]string{}
		for _, p := range props {
			kinds[p.Name] = p.Type
		}
		for _, name := range []string{"model-path", "model-path-with-debug", "threshold", "debug"} {
			if kinds[name] == "" {
				t.Errorf("%s has no %s", element, name)
			}
		}
	}
}
