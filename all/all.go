// Package all registers every element that comes with the engine. Programs that
// need only some import those families instead and stay smaller.
//
//	import _ "github.com/eiengine/eiengine/all"
package all

import (
	_ "github.com/eiengine/eiengine/batch"          // compositor
	_ "github.com/eiengine/eiengine/bus/link"       // appsrc, appsink
	_ "github.com/eiengine/eiengine/capture"        // test sources, files, decoders
	_ "github.com/eiengine/eiengine/encode"         // encoders, file sinks
	_ "github.com/eiengine/eiengine/flow"           // queue, tee, capsfilter, identity, funnel, fakesrc, fakesink
	_ "github.com/eiengine/eiengine/frames/convert" // converters, scalers, resampler
	_ "github.com/eiengine/eiengine/infer"          // edgeimpulsevideoinfer, edgeimpulseaudioinfer
	_ "github.com/eiengine/eiengine/overlay"        // edgeimpulseoverlay
	_ "github.com/eiengine/eiengine/stream"         // sinks for people: alsasink
)
