// Package frames holds what flows through the engine: a [Frame] of video, sound
// or bytes, the counted [Memory] under it, the [Pool] that recycles it, the
// [Format] that describes it, [Caps] that say which formats somebody could take,
// and the metadata that travels along.
//
// # Ownership
//
//  1. A *Frame header has one owner. Whoever is handed a frame consumes it, also
//     on error: the caller may not touch it afterwards.
//  2. Only [Memory], the bytes under frames, is counted. [Frame.Share] makes a
//     second header on the same memory and metadata, without allocating.
//  3. Read through views ([Frame.Bytes], [Frame.Picture], [Frame.Samples]). Write
//     through [Frame.Writable]: in place if the memory has one reference,
//     otherwise copied into a pooled block.
//  4. Metadata values are immutable and their list is persistent: what one branch
//     attaches its siblings do not see. Scale, crop and letterbox carry regions
//     along through one [Mapping] type, both ways.
//  5. No slice or view survives [Frame.Release].
//  6. Whoever drops a frame releases it and counts it: leaky queue, error path,
//     flush, shutdown.
//  7. A [Pool] grows on demand up to its byte budget and keeps what it grew.
//     At the budget live sources drop, counted; others wait. Headers and pixels
//     cost no allocation in steady state; a result may allocate.
//  8. A pool outlives its pipeline: frames that are still held when it stops are
//     freed on their last release. Device memory goes back to its driver with the
//     last reference.
//  9. Under -race and under -tags eidebug released memory is poisoned, a double
//     release panics, and [Pool.Leaks] gives the stack that took each frame.
//
// Planes carry strides everywhere; nothing may assume packed rows.
//
// # Batches
//
// A frame may stand for several and own them: [NewBatch], [Frame.Children],
// [Frame.TakeChildren]. Only elements that ask for it meet one.
//
// # Times
//
// [Frame.PTS] is running time: zero when the pipeline started to play, the
// numbers that GStreamer gives. [Frame.Mono] is the engine's monotonic clock at
// the moment of capture, so latency is a difference of two readings of one
// clock. [NoTime] stands for "not known".
package frames
