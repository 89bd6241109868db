// Package confine takes rights away from a program before it runs, as far as
// the kernel allows an ordinary user to do that: without namespaces, which
// containers often forbid, and without cgo.
//
//	listener, missing, err := confine.Thread(policy) // in the process to be, on a locked thread
//	…execve…
//	confine.Watch(listener, policy, …)                // in the process that looks after it
//
// What a confined program keeps: reading whatever its user may read, any number
// of threads, writing below the folders of its Policy and in /dev/shm, the
// device files of the Policy, and one stream socket in the file system that it
// listens at. What it loses:
//
//   - privileges: no_new_privs, and no capabilities but reading, if it had any;
//   - the network: every socket but Unix ones, and connecting those to anybody;
//   - writing anywhere else, and changing owners, modes and attributes of files;
//   - processes: beyond the number of the Policy, which is none by default;
//   - signals to others, tracing others, mounts, modules, other namespaces,
//     io_uring, and other calls that no model needs.
//
// Landlock guards files, signals and, from its fourth version, TCP. A seccomp
// filter guards the rest, and tells: what it refuses is decided in the process
// that looks after the program, by a user notification, so that a refusal is
// not only an error inside the program but also a message outside of it.
//
// Deciding by the text of a path would be a race that the program can win, as
// it may change the text after it was read. So a notification about a path only
// serves to tell; where there is Landlock it is what holds.
package confine
