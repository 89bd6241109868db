// Package all registers every element that comes with the engine. Programs that
// need only some import those families instead and stay smaller.
//
//	import _ "github.com/eiengine/eiengine/all"
package all

import (
	_ "github.com/eiengine/eiengine/flow" // queue, tee, capsfilter, identity, fakesrc, fakesink
)
