// Package soak watches a pipeline that plays for long while a test breaks its devices
// at random moments: what its streams give, what is told of the devices, and what the
// process holds.
//
//	w := soak.Begin(t, p, length)
//	for w.Ready("sink"); w.Pause(5*time.Second, 25*time.Second); w.Ready("sink") {
//		w.Fault("unplug")
//		unplugged++
//		usb.Unplug()
//		w.Until("camera", "lost", unplugged)
//		usb.Replug()
//	}
//	w.End()
//	w.Lost("camera", unplugged)
//
// A line is logged every ten seconds. End judges: nothing may have grown between the first
// minute and the last but what [Grown] allows.
package soak
