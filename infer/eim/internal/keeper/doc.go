// Package keeper runs a program under a process that looks after it: the keeper
// is this program executed again, and it outlives whoever is killed just long
// enough to leave nothing behind.
//
//	engine ── keeper ── program ── what the program starts
//
// The keeper is the subreaper of everything below it, so that processes which
// left their group and their parent come back to it; it ends them all when the
// program ends, when the engine asks, and when the engine is gone, which it
// learns from the end of their connection and from a parent-death signal. Then
// it removes the folder of the program and shared memory that the program left,
// tells how it ended, and leaves. Whoever is killed:
//
//   - the program: the keeper reaps it, cleans up and tells;
//   - the engine: the keeper ends the program and cleans up;
//   - the keeper: the kernel ends the program by its parent-death signal, and
//     the engine ends the rest, which it knows by session and by a mark in the
//     environment, and cleans up;
//   - engine and keeper in the same moment: the kernel ends the program. What is
//     left is an empty folder, which the next start removes.
//
// Before the program is executed in the keeper's child, a third run of this
// program takes rights from itself; see package confine.
//
// Both runs begin in an init function of this package, before main and before
// most other packages of the program are initialised. They are told by the name
// that they are started under, which no shell gives by accident. So any program
// that imports this package can run keepers, with nothing to call in main. Where
// the running program is not a Go program, such as an interpreter that loaded
// this engine as a library, Spec.Keeper names one that imports this package.
package keeper
