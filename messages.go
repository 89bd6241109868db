package eiengine

import (
	"context"
	"fmt"
	"iter"

	"github.com/eiengine/eiengine/bus"
)

// Messages runs the pipeline and yields what it says, to the end of the stream.
// If it fails or cannot be stopped, the last pair is its error, with the message
// nil; when ctx ends, that is ctx's error. Breaking out of the loop stops the
// pipeline. Afterwards it is at null and may be run again.
//
//	for msg, err := range p.Messages(ctx) {
//		if err != nil {
//			return err
//		}
//		if r, ok := msg.Payload.(*bus.Inference); ok {
//			fmt.Println(msg.Src, r.Type)
//		}
//	}
func (p *Pipeline) Messages(ctx context.Context) iter.Seq2[*bus.Message, error] {
	return func(yield func(*bus.Message, error) bool) {
		runCtx, stop := context.WithCancel(ctx)
		defer stop()
		sub := p.bus.Subscribe(0)
		ended := make(chan error, 1)
		go func() {
			err := p.Run(runCtx)
			sub.Close() // what it holds is still read
			ended <- err
		}()
		for m := range sub.All(context.WithoutCancel(ctx)) {
			if !yield(m, nil) {
				stop()
				_ = <-ended // the caller wants no more, not even why
				return
			}
		}
		if err := <-ended; err != nil {
			yield(nil, err)
		}
	}
}

// Find is the element of that name as the type that the program knows, such as
// *link.AppSrc. The error says what there is instead.
func Find[T Element](p *Pipeline, name string) (T, error) {
	var none T
	n := p.find(name)
	if n == nil {
		return none, fmt.Errorf("no element named %q in %s; it has %v", name, p.name, p.Elements())
	}
	e, ok := n.elem.(T)
	if !ok {
		return none, fmt.Errorf("element %q is a %s, not a %T", name, n.factory.Name, none)
	}
	return e, nil
}

// Prop is the setting of a property from any value that reads well as text:
// numbers, strings, bools, fractions, caps.
func Prop(name string, value any) PropSpec {
	return PropSpec{Name: name, Value: fmt.Sprint(value)}
}
