// Package page shows live pictures on a web page of this machine: MJPEG over HTTP, on
// loopback, behind an address that nobody guesses. Any browser shows it; nothing is
// encoded while nobody looks.
//
//	p, err := page.Open("camera")
//	fmt.Println(p.URL())
//	for … {
//		p.Show(&picture)
//	}
//	p.Close()
package page
