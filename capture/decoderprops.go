package capture

import "github.com/eiengine/eiengine"

// decoderProps are the properties that decoders of pictures have in common.
type decoderProps struct {
	QoS                     bool       `prop:"qos,live" default:"true" doc:"Leave out pictures that would be too late, as sinks with qos=true tell"`
	DiscardCorruptedFrames  bool       `prop:"discard-corrupted-frames,live" doc:"Leave out pictures whose bytes came flagged as corrupted"`
	MinForceKeyUnitInterval uint64     `prop:"min-force-key-unit-interval" doc:"Accepted without effect: each picture stands alone, so none is ever asked for"`
	AutomaticSyncPoints     bool       `prop:"automatic-request-sync-points" doc:"Accepted without effect, as min-force-key-unit-interval"`
	AutomaticSyncPointFlags syncPoints `prop:"automatic-request-sync-point-flags" default:"corrupt-output+discard-input" doc:"Accepted without effect, as min-force-key-unit-interval"`
}

// syncPoints is what may become of pictures until one that stands alone has come.
type syncPoints uint

// FlagValues implements eiengine.Flags.
func (syncPoints) FlagValues() []eiengine.EnumValue {
	return []eiengine.EnumValue{
		{Value: 2, Nick: "corrupt-output", Name: "GST_VIDEO_DECODER_REQUEST_SYNC_POINT_CORRUPT_OUTPUT"},
		{Value: 1, Nick: "discard-input", Name: "GST_VIDEO_DECODER_REQUEST_SYNC_POINT_DISCARD_INPUT"},
	}
}

// idctMethod is how JPEG's transform is computed.
type idctMethod int

// EnumValues implements eiengine.Enum.
func (idctMethod) EnumValues() []eiengine.EnumValue {
	return []eiengine.EnumValue{
		{Value: 0, Nick: "islow", Name: "Slow but accurate integer algorithm"},
		{Value: 1, Nick: "ifast", Name: "Faster, less accurate integer method"},
		{Value: 2, Nick: "float", Name: "Floating-point: accurate, fast on fast HW"},
	}
}
