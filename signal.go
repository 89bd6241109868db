package eiengine

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// Signal is something that an element tells the functions connected to it: a
// field of its settings, with the name and a sentence in its tags. F is the type
// of the functions.
//
//	type queueProps struct {
//		Overrun eiengine.Signal[func()] `signal:"overrun" doc:"The queue is full"`
//	}
//
//	for _, f := range q.Load().Overrun.Handlers() {
//		f()
//	}
//
// Programs connect by [Pipeline.Connect]. Functions are called in the goroutine
// that the signal comes from, so what they do holds the stream up.
type Signal[F any] struct{ list *connected[F] }

// Handlers are the functions that are connected now, in the order in which they
// came. It takes no lock.
func (s Signal[F]) Handlers() []F { return s.list.handlers() }

// Action is something that an element does when a program asks for it by name,
// declared like a [Signal] by the tag action. The element binds it when it is made.
type Action[F any] struct{ list *connected[F] }

// Bind says what is done.
func (a Action[F]) Bind(f F) { a.list.add(f) }

// connected is what the snapshots of settings share: functions, with a number for each.
type connected[F any] struct {
	mu      sync.Mutex
	last    int
	numbers []int
	funcs   atomic.Pointer[[]F]
}

func (s *connected[F]) handlers() []F {
	if s == nil {
		return nil
	}
	if f := s.funcs.Load(); f != nil {
		return *f
	}
	return nil
}

// add connects f; remove takes it out again, once.
func (s *connected[F]) add(f F) (remove func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last++
	number := s.last
	s.numbers = append(s.numbers, number)
	funcs := append(slices.Clone(s.handlers()), f)
	s.funcs.Store(&funcs)
	return func() { s.remove(number) }
}

func (s *connected[F]) remove(number int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.Index(s.numbers, number)
	if i < 0 {
		return
	}
	s.numbers = slices.Delete(s.numbers, i, i+1)
	funcs := slices.Delete(slices.Clone(s.handlers()), i, i+1)
	s.funcs.Store(&funcs)
}

// anyConnected is connected whatever the type of its functions.
type anyConnected interface {
	connect(f any) (remove func(), ok bool)
	bound() reflect.Value
}

func (s *connected[F]) connect(f any) (remove func(), ok bool) {
	typed, ok := f.(F)
	if !ok {
		return nil, false
	}
	return s.add(typed), true
}

// bound is the function of an action, the zero value if there is none.
func (s *connected[F]) bound() reflect.Value {
	if h := s.handlers(); len(h) > 0 {
		return reflect.ValueOf(h[0])
	}
	return reflect.Value{}
}

// signalField is implemented by pointers to the fields.
type signalField interface {
	prepare()
	open() anyConnected
	function() reflect.Type
}

func (s *Signal[F]) prepare()             { s.list = new(connected[F]) }
func (s *Signal[F]) open() anyConnected   { return s.list }
func (*Signal[F]) function() reflect.Type { return reflect.TypeFor[F]() }
func (a *Action[F]) prepare()             { a.list = new(connected[F]) }
func (a *Action[F]) open() anyConnected   { return a.list }
func (*Action[F]) function() reflect.Type { return reflect.TypeFor[F]() }

// SignalInfo describes a signal or an action of an element.
type SignalInfo struct {
	Name string
	Doc  string
	// Func is the type of the functions that are connected, or of what is done.
	Func reflect.Type
	// Action says that programs call it, rather than are called.
	Action bool

	index []int
}

// newSignal reads the tags of a field that is no property; ok is false if it is
// no signal either.
func newSignal(f reflect.StructField) (s SignalInfo, ok bool, err error) {
	s = SignalInfo{Doc: f.Tag.Get("doc"), index: f.Index}
	if s.Name, ok = f.Tag.Lookup("signal"); !ok {
		if s.Name, ok = f.Tag.Lookup("action"); !ok {
			return s, false, nil
		}
		s.Action = true
	}
	field, isSignal := reflect.New(f.Type).Interface().(signalField)
	if !isSignal || !f.IsExported() {
		return s, true, fmt.Errorf("want an exported Signal or Action, not %s", f.Type)
	}
	s.Func = field.function()
	if s.Func.Kind() != reflect.Func {
		return s, true, fmt.Errorf("want a type of functions, not %s", s.Func)
	}
	return s, true, nil
}

func (s *SignalInfo) of(props any) signalField {
	return reflect.ValueOf(props).Elem().FieldByIndex(s.index).Addr().Interface().(signalField)
}

// Signals describes the signals and actions, by name. An action to which nothing
// is bound is an error of the element.
func (f *Factory) Signals() ([]SignalInfo, error) {
	c, ok := f.New().(configurable)
	if !ok {
		return nil, nil
	}
	table := c.propertyTable()
	for i := range table.signals {
		if s := &table.signals[i]; s.Action && !c.openSignal(s).bound().IsValid() {
			return nil, fmt.Errorf("element %q: nothing is bound to the action %q", f.Name, s.Name)
		}
	}
	return table.signals, table.err
}

// Connect has f called with each signal of that name from the element, until
// disconnect is called. f must be of the type that the element declares, which
// the error names; see `eiengine inspect`.
func (p *Pipeline) Connect(element, signal string, f any) (disconnect func(), err error) {
	info, open, err := p.signal(element, signal, false)
	if err != nil {
		return nil, err
	}
	disconnect, ok := open.connect(f)
	if !ok {
		return nil, fmt.Errorf("%s: the signal %q calls a %v, not a %T", element, signal, info.Func, f)
	}
	return disconnect, nil
}

// Observe is Connect for those who do not know the type: f gets the arguments.
// They are valid during the call only. Signals that ask for an answer cannot be
// observed.
func (p *Pipeline) Observe(element, signal string, f func(args []any)) (disconnect func(), err error) {
	info, open, err := p.signal(element, signal, false)
	if err != nil {
		return nil, err
	}
	if info.Func.NumOut() > 0 {
		return nil, fmt.Errorf("%s: the signal %q wants an answer: connect a %v", element, signal, info.Func)
	}
	made := reflect.MakeFunc(info.Func, func(values []reflect.Value) []reflect.Value {
		args := make([]any, 0, len(values))
		for _, v := range values {
			args = append(args, v.Interface())
		}
		f(args)
		return nil
	})
	disconnect, _ = open.connect(made.Interface())
	return disconnect, nil
}

// Do calls an action of the element and returns its results. The error says which
// arguments it takes; errors of the action itself are among the results.
func (p *Pipeline) Do(element, action string, args ...any) (results []any, err error) {
	info, open, err := p.signal(element, action, true)
	if err != nil {
		return nil, err
	}
	values := make([]reflect.Value, 0, len(args))
	for i, a := range args {
		v := reflect.ValueOf(a)
		if i >= info.Func.NumIn() || !v.IsValid() || !v.Type().AssignableTo(info.Func.In(i)) {
			return nil, fmt.Errorf("%s: the action %q is a %v: it does not take %T as argument %d", element, action, info.Func, a, i+1)
		}
		values = append(values, v)
	}
	if len(values) < info.Func.NumIn() {
		return nil, fmt.Errorf("%s: the action %q is a %v: it takes %d arguments, not %d", element, action, info.Func, info.Func.NumIn(), len(values))
	}
	do := open.bound()
	if !do.IsValid() {
		return nil, fmt.Errorf("%s: nothing is bound to the action %q", element, action)
	}
	for _, v := range do.Call(values) {
		results = append(results, v.Interface())
	}
	return results, nil
}

// signal finds a signal or an action of an element.
func (p *Pipeline) signal(element, name string, action bool) (*SignalInfo, anyConnected, error) {
	n, c, err := p.configurable(element)
	if err != nil {
		return nil, nil, err
	}
	kind := "signal"
	if action {
		kind = "action"
	}
	var names []string
	declared := c.propertyTable().signals
	for i := range declared {
		s := &declared[i]
		if s.Action != action {
			continue
		}
		if s.Name == name {
			return s, c.openSignal(s), nil
		}
		names = append(names, s.Name)
	}
	rest := "it has none"
	if len(names) > 0 {
		rest = "it has " + strings.Join(names, ", ")
	}
	return nil, nil, fmt.Errorf("no %s %q in element %q, a %s; %s", kind, name, element, n.factory.Name, rest)
}
