// Package batch registers the elements that bring several streams of video together:
// compositor, which shows them in one picture.
//
// A compositor has a rate, size and format of its own, chosen by those of its inputs
// and by what is behind it. For each frame that it gives, every input brings the frame
// whose time it is (timeline.go); those that are late are waited for, or, with live
// inputs, left out. They are converted and scaled right into their places, the
// background is filled only where it shows, and what lies below something opaque is
// not drawn at all (draw.go). What models found in the inputs goes along.
//
//	compositor name=c sink_1::xpos=640 ! autovideosink
//	    v4l2src device=/dev/video0 ! queue ! c.
//	    v4l2src device=/dev/video1 ! queue ! c.
package batch
