package bus

// Model tells what happens to a model: its structure name is
// "edge-impulse-model-" and the Event.
type Model struct {
	// Event is "loaded", "lost" or "restored".
	Event string `json:"-"`
	// Path is the model as the user named it.
	Path string `json:"path"`
	// Reason says why it was lost.
	Reason string `json:"reason,omitempty"`

	Project     string `json:"project,omitempty"`
	Type        string `json:"model-type,omitempty"`
	InputWidth  int    `json:"input-width,omitempty"`
	InputHeight int    `json:"input-height,omitempty"`
	Channels    int    `json:"channel-count,omitempty"`
	HasAnomaly  bool   `json:"has-anomaly"`
}

// StructureName implements Payload.
func (m *Model) StructureName() string { return "edge-impulse-model-" + m.Event }
