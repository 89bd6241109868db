// Package bus carries what a pipeline has to say: results, errors, warnings,
// state changes, the end of the stream.
//
// A [Message] has a type, the element it came from, times and a number, and a
// typed [Payload]. Publishing never blocks: every [Subscription] has a ring of
// its own; when a reader is too slow its oldest messages are dropped, counted,
// and told to it by a message of type [TypeDropped].
//
//	sub := pipeline.Bus().Subscribe(0)
//	defer sub.Close()
//	for msg, result := range bus.Payloads[*bus.Inference](ctx, sub) {
//		fmt.Println(msg.Src, result.Type)
//	}
//
// # JSON
//
// A message marshals to one object; this file and inference.go are its schema:
//
//	message       string  type of the message, e.g. "element", "error", "eos"
//	src           string  name of the element or pipeline
//	seq           number  grows by one per message of a bus
//	time          string  wall clock, RFC 3339 with nanoseconds
//	running_time  number  nanoseconds since the pipeline played, if known
//	name          string  name of the structure, e.g. "edge-impulse-inference-result"
//	structure     object  the payload's fields
package bus
