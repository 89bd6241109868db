// Package microphone is for programs that want sound of a microphone, and no graph:
//
//	mic, err := microphone.Open(microphone.Options{Rate: 16000})
//	if err != nil {
//		return err
//	}
//	defer mic.Close()
//	for chunk, err := range mic.Chunks(ctx) {
//		if err != nil {
//			log.Print(err) // unplugged: stay in the loop until it is back, or leave
//			continue
//		}
//		samples := chunk.Int16()
//		…
//		chunk.Release()
//	}
//
// Sound comes by ALSA's library, which is opened when it is needed (package capture/pcm has all
// that it offers); PulseAudio and PipeWire are reached through it, as device "default" or
// "pulse". [Microphone.Format] says what of the wishes the device could meet: those that
// convert, such as "default" and "plughw:…", meet all.
//
// # Chunks
//
// A chunk is the caller's until [Chunk.Release], and so is what its methods gave. Its memory
// is used again; a program that never releases has new memory for each.
//
// # Faults
//
// The loop is told once when the device is lost ([pcm.ErrGone], or [pcm.ErrStalled] if it
// gives nothing any more), and decides: who leaves it has the error, who stays in it waits
// until the device can be opened again; the chunk after that has [Chunk.Resumed] set. Samples
// that were lost because nobody took them in time mark the next chunk: [Chunk.Lost].
package microphone
