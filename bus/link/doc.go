// Package link registers the elements at which a Go program puts frames into a
// pipeline and takes them out:
//
//	p, err := engine.Launch("appsrc name=in caps=video/x-raw,format=RGB,width=320,height=240,framerate=30/1 ! " +
//		"edgeimpulsevideoinfer model-path=builtin:shapes ! appsink name=out")
//	in, err := eiengine.Find[*link.AppSrc](p, "in")
//	out, err := eiengine.Find[*link.AppSink](p, "out")
//	p.SetState(eiengine.Playing)
//	err = in.PushBytes(ctx, pixels, 0)
//	frame, err := out.Pull(ctx)
//	// … read frame.Picture(), the regions, then
//	frame.Release()
//
// A pipeline plays once every sink has something to show, so Play returns only
// after the first frame was pushed: push from another goroutine, or ask for the
// state with SetState.
//
// AppSrc and AppSink are the only elements that hold a queue of their own: the
// goroutine at the other end of it belongs to the program.
package link
