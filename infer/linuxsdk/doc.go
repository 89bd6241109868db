// Package linuxsdk gives the models of this engine the interface of Edge
// Impulse's SDK for Go (github.com/edgeimpulse/linux-sdk-go), so that programs
// written for that SDK, with its recorders and classifiers of pictures and
// sound, run on our driver by changing one line:
//
//	runner, err := edgeimpulse.NewRunnerProcess("model.eim", nil) // before
//	runner, err := linuxsdk.Open(ctx, "model.eim")                // after
//
// What changes: features travel by shared memory where the model offers it, a
// model that dies is restarted, nothing of it is left behind when the program
// ends, and the SDK's five seconds are our driver's deadline of a request.
//
// The interface has no words for tracked objects, grids of anomalies, freeform
// outputs, thresholds and continuous sound: programs that need those use
// [github.com/eiengine/eiengine/infer/eim] itself.
package linuxsdk
