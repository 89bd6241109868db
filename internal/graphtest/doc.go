// Package graphtest builds and runs pipelines for the tests of elements.
//
// Each line has an engine of its own, and the test fails if memory of frames is left
// when it is over:
//
//	p := graphtest.Launch(t, "videotestsrc num-buffers=3 ! queue name=q ! fakesink")
//	if err := p.Run(graphtest.Context(t)); err != nil {
//		t.Fatal(err)
//	}
//
// Where only that it ends well matters, [Run] does it all.
package graphtest
