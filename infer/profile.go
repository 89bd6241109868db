package infer

import (
	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/bus"
)

// messageProfile is the property message-profile.
type messageProfile int

const (
	profileDefault messageProfile = iota
	profileSeed
	profilePlugin
)

// EnumValues implements eiengine.Enum.
func (messageProfile) EnumValues() []eiengine.EnumValue {
	return []eiengine.EnumValue{
		{Value: int(profileDefault), Nick: "default"},
		{Value: int(profileSeed), Nick: bus.Seed.String()},
		{Value: int(profilePlugin), Nick: bus.Plugin.String()},
	}
}

// of is the profile for an element of that engine.
func (p messageProfile) of(e *eiengine.Engine) bus.Profile {
	switch p {
	case profileSeed:
		return bus.Seed
	case profilePlugin:
		return bus.Plugin
	}
	return e.MessageProfile()
}
