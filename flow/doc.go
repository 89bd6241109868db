// Package flow registers the elements that move frames without looking into
// them:
//
//	queue       a boundary between two goroutines, with limits and leaks
//	queue2      the same, with the limits for streams from a network
//	multiqueue  several queues that give way to each other
//	tee         one stream to several branches, by sharing, not copying
//	funnel      several streams into one, in order of arrival
//	concat      several streams into one, one after the other
//	valve       passes everything on, or nothing, by a property
//	capsfilter  restricts the formats of a link; the "caps" in a launch line
//	imagefreeze one picture again and again
//	identity    passes on, or fails, ends, delays and drops when told to
//	clocksync   passes frames on when they are due
//	fakesrc     frames of any size, for tests and measurements
//	fakesink    takes frames and forgets them
//
//	input-selector   one of several streams, chosen by a property
//	output-selector  one stream to one of several branches
//
// Import it for its registrations:
//
//	import _ "github.com/eiengine/eiengine/flow"
//
// None of them allocates per frame unless silent=false asks for a description
// of each one.
package flow
