package infer

import (
	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/infer/eim"
)

// confinement is the property confine.
type confinement int

const (
	confineAuto confinement = iota
	confineOn
	confineOff
)

// EnumValues implements eiengine.Enum.
func (confinement) EnumValues() []eiengine.EnumValue {
	return []eiengine.EnumValue{
		{Value: int(confineAuto), Nick: "auto"},
		{Value: int(confineOn), Nick: string(eim.ConfineOn)},
		{Value: int(confineOff), Nick: string(eim.ConfineOff)},
	}
}

// option is what the driver calls it.
func (c confinement) option() eim.Confine {
	return [...]eim.Confine{confineAuto: eim.ConfineAuto, confineOn: eim.ConfineOn, confineOff: eim.ConfineOff}[c]
}
