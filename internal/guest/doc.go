// Package guest is for tests that need cameras or sound cards. Such tests have names
// that begin with TestGuest and call [Need] first: anywhere but in the emulated machine that
// `make guest` starts they are skipped. There are, in the guest, two cameras of the kernel's
// driver vivid (the second of several planes), a USB host to which [PlugIn] connects a
// camera with a microphone, and a sound card that hears what it plays.
//
// The guest is ten times slower than the machine that it runs on, which may be busy
// itself: tests in it wait for what happens, with deadlines of minutes.
package guest
