package frames

// AudioLevel says how loud the sound of a frame is, as RFC 6464 does.
type AudioLevel struct {
	// Level is decibels below full scale, 0 to 127, over all channels; 127 is
	// silence.
	Level uint8
	// Voice says that somebody speaks.
	Voice bool
}

// MetaName implements Meta.
func (*AudioLevel) MetaName() string { return "GstAudioLevelMeta" }
