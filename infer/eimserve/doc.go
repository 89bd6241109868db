// Package eimserve is the other side of the .eim protocol: it makes any
// backend.Model into a process that clients of Edge Impulse models can drive,
// ours (infer/eim) and those of others.
//
// A program that is its own model process looks like this:
//
//	func main() { os.Exit(eimserve.Main(model, os.Args[1:])) }
//
// Function makes the model of any Go function.
//
// The arguments are those of a .eim: the path of a Unix socket, "stdin" to
// speak over standard input and output, or "--print-info" to print the
// description and leave.
//
// The server keeps to what servers built from Edge Impulse's public SDK were
// seen to do, down to the texts of the errors and the habit of counting braces
// without regard to strings: whoever works with this server works with those.
// It differs where theirs do harm: it does not print in the middle of replies,
// and shared memory is removed on every way out but SIGKILL.
//
// One process serves one connection, one request at a time, and ends when the
// client hangs up.
package eimserve
