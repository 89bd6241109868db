// Package xwindow shows pictures in a window of an X server, by shared memory where the
// server is on this machine.
//
//	w, err := xwindow.Open("camera", 640, 480)
//	for … {
//		err := w.Show(&picture) // ErrClosed when somebody closed it
//	}
//	w.Close()
//
// The window may have any size: pictures are scaled into it, with borders where the
// shapes differ.
package xwindow
