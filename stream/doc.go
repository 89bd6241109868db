// Package stream holds the sinks that somebody watches or listens to: sound cards,
// windows, a web page. Import it to have its elements in the default
// registry; package all does.
//
// They differ from those of package encode in that they keep to the clock: what they
// are given is seen or heard when it is due.
package stream
