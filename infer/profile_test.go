package infer_test

import (
	"slices"
	"testing"

	"github.com/eiengine/eiengine/bus"
	"github.com/eiengine/eiengine/capture/scene"
	"github.com/eiengine/eiengine/infer/backend"
)

// The element has the last word, and what the engine is set to holds otherwise.
func TestMessageProfile(t *testing.T) {
	spec := viewer(backend.ResizeSquash)
	spec.Result.Tracks = []backend.Track{{Box: spec.Result.Boxes[0], ObjectID: 3}}
	spec.Info.HasObjectTracking = true
	path := program(t, roleProbe, probeEnv(spec))
	for _, c := range []struct {
		props string
		name  string
		types []string
	}{
		{"", "edge-impulse-inference-result", []string{"object-tracking"}},
		{"message-profile=seed", "edge-impulse-inference-result", []string{"object-tracking"}},
		{"message-profile=plugin", "edge-impulse-video-inference-result", []string{"object-tracking", "classification"}},
	} {
		r := newRig(t, shapesFeed(t, 1, 320, 240, scene.New(1, 320, 240, scene.Options{})), "edgeimpulsevideoinfer model-path="+path+" "+c.props)
		r.run()
		var types []string
		for _, i := range payloads[*bus.Inference](r) {
			types = append(types, i.Type)
			if i.StructureName() != c.name {
				t.Errorf("%s: named %s", c.props, i.StructureName())
			}
		}
		if !slices.Equal(types, c.types) {
			t.Errorf("%s: types %v, want %v", c.props, types, c.types)
		}
		if got := r.out.frames[0].result.Type; got != bus.ObjectTracking {
			t.Errorf("%s: the frame says %s", c.props, got)
		}
	}
}
