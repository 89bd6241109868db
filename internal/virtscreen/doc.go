// Package virtscreen gives tests an X server with a screen that nobody sees, and
// screenshots of it, on machines without a display: Xvfb.
//
//	screen := virtscreen.Start(t) // DISPLAY names it until the test is over
//	…
//	shot := virtscreen.Shot(t, screen)
package virtscreen
