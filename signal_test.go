package eiengine_test

import (
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"

	"github.com/eiengine/eiengine"
)

type bellProps struct {
	Loud  bool                                        `prop:"loud,live" doc:"Ring twice"`
	Rung  eiengine.Signal[func(times int, by string)] `signal:"rung" doc:"It has rung"`
	Asked eiengine.Signal[func() bool]                `signal:"asked" doc:"May it ring?"`
	Ring  eiengine.Action[func(by string) error]      `action:"ring" doc:"Ring it"`
	Mute  eiengine.Action[func()]                     `action:"mute" doc:"Bound to nothing"`
}

type bell struct{ eiengine.Settings[bellProps] }

func newBell() eiengine.Element {
	b := new(bell)
	b.Load().Ring.Bind(b.ring)
	return b
}

func (b *bell) Read(*eiengine.Ctx) error { return io.EOF }

func (b *bell) ring(by string) error {
	p := b.Load()
	for _, may := range p.Asked.Handlers() {
		if !may() {
			return errors.New("it may not")
		}
	}
	times := 1
	if p.Loud {
		times = 2
	}
	for _, f := range p.Rung.Handlers() {
		f(times, by)
	}
	return nil
}

func bellPipeline(t *testing.T) *eiengine.Pipeline {
	t.Helper()
	r := eiengine.NewRegistry()
	if err := r.Register(eiengine.Factory{Name: "bell", New: newBell}); err != nil {
		t.Fatal(err)
	}
	e := eiengine.New(eiengine.Options{Registry: r})
	t.Cleanup(func() { _ = e.Close() })
	p, err := e.Launch("bell name=b")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestSignalsReachWhoIsConnected(t *testing.T) {
	p := bellPipeline(t)
	var heard []int
	connect := func(number int) func() {
		stop, err := p.Connect("b", "rung", func(times int, by string) { heard = append(heard, number*times) })
		if err != nil {
			t.Fatal(err)
		}
		return stop
	}
	first, second := connect(1), connect(10)
	if _, err := p.Do("b", "ring", "me"); err != nil {
		t.Fatal(err)
	}
	if err := p.Set("b", "loud", "true"); err != nil { // another snapshot, the same connections
		t.Fatal(err)
	}
	first()
	first() // once more is nothing
	connect(100)
	if _, err := p.Do("b", "ring", "me"); err != nil {
		t.Fatal(err)
	}
	second()
	if want := []int{1, 10, 20, 200}; !reflect.DeepEqual(heard, want) {
		t.Errorf("heard %v, want %v", heard, want)
	}
}

func TestObserversGetTheArguments(t *testing.T) {
	p := bellPipeline(t)
	var seen []any
	stop, err := p.Observe("b", "rung", func(args []any) { seen = append(seen, args...) })
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	if _, err := p.Do("b", "ring", "me"); err != nil {
		t.Fatal(err)
	}
	if want := []any{1, "me"}; !reflect.DeepEqual(seen, want) {
		t.Errorf("seen %v, want %v", seen, want)
	}
}

func TestSignalsMayAskForAnAnswer(t *testing.T) {
	p := bellPipeline(t)
	if _, err := p.Connect("b", "asked", func() bool { return false }); err != nil {
		t.Fatal(err)
	}
	results, err := p.Do("b", "ring", "me")
	if err != nil || len(results) != 1 || results[0] == nil {
		t.Errorf("results %v, %v; want the error of the action among the results", results, err)
	}
}

func TestWrongUsesOfSignalsAreNamed(t *testing.T) {
	p := bellPipeline(t)
	for _, tt := range []struct {
		use  func() error
		want string
	}{
		{func() error { _, err := p.Connect("b", "rang", func() {}); return err }, `no signal "rang" in element "b", a bell; it has asked, rung`},
		{func() error { _, err := p.Connect("c", "rung", func() {}); return err }, `no element named "c"`},
		{func() error { _, err := p.Connect("b", "rung", func() {}); return err }, `the signal "rung" calls a func(int, string), not a func()`},
		{func() error { _, err := p.Observe("b", "asked", func([]any) {}); return err }, `wants an answer: connect a func() bool`},
		{func() error { _, err := p.Do("b", "ring"); return err }, `takes 1 arguments, not 0`},
		{func() error { _, err := p.Do("b", "ring", 3); return err }, `does not take int as argument 1`},
		{func() error { _, err := p.Do("b", "ring", "a", "b"); return err }, `does not take string as argument 2`},
		{func() error { _, err := p.Do("b", "rung"); return err }, `no action "rung"`},
		{func() error { _, err := p.Do("b", "mute"); return err }, `nothing is bound`},
	} {
		if err := tt.use(); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%v, want %q", err, tt.want)
		}
	}
}

func TestFactoriesListTheirSignals(t *testing.T) {
	f := eiengine.Factory{Name: "bell", New: newBell}
	if _, err := f.Signals(); err == nil || !strings.Contains(err.Error(), `"mute"`) {
		t.Errorf("%v, want an error that names the action that nothing is bound to", err)
	}
	f.New = func() eiengine.Element {
		b := newBell().(*bell)
		b.Load().Mute.Bind(func() {})
		return b
	}
	signals, err := f.Signals()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range signals {
		kind := "signal"
		if s.Action {
			kind = "action"
		}
		got = append(got, kind+" "+s.Name+" "+s.Func.String()+": "+s.Doc)
	}
	want := []string{
		"signal asked func() bool: May it ring?", "action mute func(): Bound to nothing",
		"action ring func(string) error: Ring it", "signal rung func(int, string): It has rung",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
