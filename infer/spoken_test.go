package infer_test

import (
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/eiengine/eiengine/bus"
	"github.com/eiengine/eiengine/internal/graphtest"
	"github.com/eiengine/eiengine/internal/virtmic"
	_ "github.com/eiengine/eiengine/stream"
)

// These tests have words spoken by espeak-ng, and heard by a real model that knows
// "hello world".

const hearing = " ! audioconvert ! audioresample ! audio/x-raw,format=S16LE,channels=1,rate=16000 ! edgeimpulseaudioinfer model-path="

// speaker finds the program that speaks, and the model that listens.
func speaker(t *testing.T) (model string) {
	t.Helper()
	if _, err := exec.LookPath("espeak-ng"); err != nil {
		t.Skip("skipped: espeak-ng is not installed (apt-get install espeak-ng): nobody speaks")
	}
	model, _, _ = realModel(t, "kws-helloworld.eim")
	return model
}

// spoken makes a file in which words are said.
func spoken(t *testing.T, voice, words string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "said.wav")
	out, err := exec.CommandContext(t.Context(), "espeak-ng", "-v", voice, "-s", "180", "-w", file, words).CombinedOutput() //nolint:gosec // constants
	if err != nil {
		t.Fatalf("espeak-ng: %v\n%s", err, out)
	}
	return file
}

// heard is how sure the model was of its words where it was surest.
func heard(results []*bus.Inference) (most float64) {
	for _, r := range results {
		for _, s := range r.Result.Classification {
			if s.Label == "helloworld" {
				most = max(most, float64(s.Value))
			}
		}
	}
	return most
}

// The words win in each of several voices, and other words do not.
func TestHearsSpokenWords(t *testing.T) {
	model := speaker(t)
	for _, c := range []struct {
		voice, words string
		want         bool
	}{
		{"en-us", "hello world", true}, {"en-029", "hello world", true}, {"en-gb", "hello world", true},
		{"en-us", "good morning", false}, {"en-029", "good morning", false}, {"en-029", "seven", false},
	} {
		r := launch(t, "filesrc location="+spoken(t, c.voice, c.words)+" ! decodebin"+hearing+model)
		most := heard(payloads[*bus.Inference](r))
		t.Logf("%s: %q is %.2f hello world", c.voice, c.words, most)
		if c.want != (most > 0.5) {
			t.Errorf("%s: %q is %.2f hello world", c.voice, c.words, most)
		}
	}
}

// The words are heard by a microphone, in the plugin's line, and silence is not taken for them.
func TestHearsSpokenWordsByMicrophone(t *testing.T) {
	model := speaker(t)
	if virtmic.Hear(t, 0) == nil {
		return
	}
	r := newRigOf(t, "autoaudiosrc"+hearing+model)
	ctx := graphtest.Context(t)
	if err := r.p.Play(ctx); err != nil {
		t.Fatal(err)
	}
	said := r.p.Bus().Subscribe(1000, bus.TypeElement)
	defer said.Close()
	next := func(n int) (results []*bus.Inference) {
		for _, p := range bus.Payloads[*bus.Inference](ctx, said) {
			if results = append(results, p); len(results) == n {
				break
			}
		}
		return results
	}
	silence := heard(next(4))
	t.Logf("silence is %.2f hello world", silence)
	if silence > 0.5 {
		t.Errorf("silence is %.2f hello world", silence)
	}
	words := "filesrc location=" + spoken(t, "en-029", "hello world") + " ! decodebin ! audioconvert ! audioresample ! autoaudiosink"
	most := 0.0
	for range 5 { // a busy machine may stutter
		graphtest.Run(t, words)
		if most = max(most, heard(next(4))); most > 0.5 {
			break
		}
	}
	t.Logf("the words are %.2f hello world", most)
	if most <= 0.5 {
		t.Errorf("the words are %.2f hello world", most)
	}
	if err := r.p.Stop(ctx); err != nil {
		t.Error(err)
	}
}
