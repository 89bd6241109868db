// Package portaudio records and plays raw samples by PortAudio.
//
//	s, err := portaudio.Open(ctx, portaudio.Options{Device: "webcam", Direction: pcm.Capture})
//	setup, err := s.Configure(audio, 10*time.Millisecond, 200*time.Millisecond)
//	chunk, err := s.Read(ctx, data)
//	…
//	err = s.Close()
//
// A device is known by its name in PortAudio's list, by a part of the name that no
// other device has, or by its number there; [Devices] lists them. Numbers change when
// devices come and go, names hardly do.
//
// # In a process of its own
//
// PortAudio keeps a processor busy for ever when a device is unplugged, and may never
// return from the call that should end that. So it never runs in the program that uses
// this package, but in a child, which is that program executed again and caught by an
// init function of this package, before main. There is nothing to call for it. Each
// open device has one child:
//
//   - the child sends what it records with the time of the first sample, by
//     CLOCK_MONOTONIC, which all processes share; and takes what it plays, saying how
//     far it has come;
//   - a child that records nothing for a second and a half, or for six after its start, is
//     ended, and the error is [pcm.ErrStalled]; of a device that vanishes otherwise it is [pcm.ErrGone];
//   - a child whose parent ends, in whatever way, is ended by the kernel;
//   - what libraries in it print goes to the log, for debugging.
//
// # The library
//
// It is libportaudio.so.2, opened at run time, so that programs build without C and
// without its headers. A build with cgo and the tag portaudio is linked with it, through
// github.com/gordonklaus/portaudio. Where it is missing, Open returns [ErrNoLibrary].
//
// A [Stream] is used by one goroutine at a time.
package portaudio
