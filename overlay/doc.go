// Package overlay has the elements that draw onto frames. They draw with package
// overlay/raster, in place, and only into frames that have something to show: the
// others pass without being touched or copied.
package overlay
