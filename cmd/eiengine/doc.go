// Command eiengine runs Edge Impulse models on live video and sound.
//
//	eiengine launch LINE...        run a pipeline written as for gst-launch-1.0
//	eiengine inspect [ELEMENT]     list the elements, or describe one
//	eiengine model info MODEL      say what a model is and wants
//	eiengine demo                  see the whole work on a scene with known content
//	eiengine devices               list the cameras, and what they can do
//	eiengine doctor                say what this machine has and lacks
//	eiengine completion SHELL      print the script that completes command lines
//	eiengine version               say what was built from what
//
// Each verb is one file and one call of the library: whatever it does, a Go
// program can do. What people read goes to standard output, what went wrong to
// standard error, one line each with what to do about it.
package main
