package bus

import "fmt"

// Profile says in which of the two forms that exist in the field results of
// models are told. It switches the name of the structure, the types, the
// coordinates, how many messages there are, and whether the result is an object
// or text, all together.
type Profile uint8

// The profiles.
const (
	// Seed is the form of the published examples of the Edge Impulse GStreamer
	// plugin, with more fields: one message for each answer, boxes in pixels of
	// the frame.
	Seed Profile = iota
	// Plugin is what the plugin of 2026 posts, to the letter: names that tell
	// video from audio, the result as text, boxes in pixels of the model's
	// input, and two messages for some answers.
	Plugin
)

var profileNames = [...]string{"seed", "plugin"}

// ParseProfile finds a profile by its name, "seed" or "plugin".
func ParseProfile(name string) (Profile, error) {
	for i, n := range profileNames {
		if n == name {
			return Profile(i), nil
		}
	}
	return Seed, fmt.Errorf("message profile %q is not known: use seed or plugin", name)
}

// String is the name.
func (p Profile) String() string { return profileNames[min(int(p), len(profileNames)-1)] }

// resultName is the name of the structure that carries a result.
func (p Profile) resultName(sound bool) string {
	switch {
	case p != Plugin:
		return "edge-impulse-inference-result"
	case sound:
		return "edge-impulse-audio-inference-result"
	}
	return "edge-impulse-video-inference-result"
}
