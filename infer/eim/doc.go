// Package eim runs Edge Impulse models: it starts a .eim executable, speaks
// its protocol over a Unix socket, and keeps it running.
//
//	model, err := eim.Open(ctx, "./detector.eim", eim.Options{})
//	if err != nil { … }
//	defer model.Close()
//	backend.PackRGB(model.Input(), rgb)
//	res, err := model.Classify(ctx)
//
// [Model] implements backend.Model, so nothing else needs to know that the
// answers come from another process.
//
// # The process
//
// A .eim is an executable that takes the name of a socket, accepts exactly one
// connection on it and answers JSON requests. Open starts it in a temporary
// directory of its own, under a keeper: a small process that is this program
// executed again, and that ends the model and everything the model started, and
// removes what they left, whoever is killed and in whatever order. Programs that
// import this package need not do anything for that; package keeper, within,
// says how it works, and Options.Keeper is for hosts that are no Go programs.
//
// What the process prints is always read, since a model that nobody listens to
// stops at a full pipe. Lines go to Options.Log, and the last of them into
// errors.
//
// # Confinement
//
// A model is a foreign program, and needs little: its file, its input and a
// processor. So its process loses the rights to the rest, as far as the kernel
// lets an ordinary user take them: no network, no files written but below its
// own directory and in /dev/shm, no processes, no signals to others, no new
// privileges, and a bound to its memory. What it tries in vain is told as an
// event and in the error of its loss. Options.Confine turns that off, the fields
// after it allow more, and [Confinement] says what this kernel can do.
//
// # Shared memory
//
// Where the model offers its input tensor as shared memory it is used, else
// the features travel as JSON. The name is unlinked as soon as the memory is
// mapped: nothing stays in /dev/shm, whoever dies first.
//
// The memory belongs to a process that may be buggy or hostile. If it shrinks
// the file under the mapping, touching the lost pages raises SIGBUS. The
// driver guards its own reads and checks the size before it hands the memory
// out, but the check can lose the race: a caller that fills Input must call
// debug.SetPanicOnFault(true) on its goroutine and recover, or the fault ends
// the program. Pipelines of this engine do.
//
// # Loss and recovery
//
// A process that died, missed its deadline, was cancelled in the middle of a
// request, or answered with anything but one well-formed reply to what was
// asked is replaced, never resynchronised: the protocol has no way to do that
// safely. The request that was under way fails with a [LostError]; a new
// process is started at once, gets the thresholds that were set, and serves
// the next request, which waits for it. If starting fails, or processes die
// one after the other without having answered, attempts are spaced out, and
// requests fail at once meanwhile. What was already written to Input carries
// over to the new process; the window of a continuous signal and object tracks
// do not, so Options.OnEvent tells of both loss and recovery. [Model.Reset] makes a
// model forget these on purpose.
package eim
