// Package pcm records and plays raw samples by the sound devices of this machine,
// through ALSA's library, which is opened at run time: programs build without C and
// without its headers, and where the library is missing Open says so.
//
// A device is known by its ALSA name: "default", "hw:CARD=PCH,DEV=0",
// "plughw:1,0", "pulse"; [Devices] lists them. "hw:" devices take exactly what the
// hardware does; "plughw:", "default" and the like convert.
//
// Errors are told, not hidden: a device that was unplugged is [ErrGone] at the next
// read or write, samples that were lost because nobody read them in time are counted
// and marked in the next [Chunk], and a device that delivers nothing is [ErrStalled].
//
// A [PCM] is used by one goroutine at a time.
package pcm
