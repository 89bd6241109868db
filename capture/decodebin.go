package capture

import (
	"errors"
	"fmt"
	"slices"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
)

func init() {
	eiengine.Register(eiengine.Factory{
		Name: "decodebin", LongName: "Decoder Bin", Class: "Generic/Bin/Decoder",
		Description: "Finds out what a stream of bytes is and becomes what decodes it",
		Pads: []eiengine.PadTemplate{
			eiengine.SinkPad(frames.AnyCaps()),
			{Name: "src_%u", Direction: eiengine.Src, Presence: eiengine.Sometimes, Caps: frames.AnyCaps()},
		},
		New: func() eiengine.Element { return new(decodeBin) },
	})
}

type decodeBinProps struct {
	Caps             frames.Caps `prop:"caps" default:"video/x-raw; audio/x-raw" doc:"What to give out as it is, without decoding"`
	SinkCaps         frames.Caps `prop:"sink-caps" default:"ANY" doc:"Say that the input is this, without looking; ANY looks"`
	ExposeAllStreams bool        `prop:"expose-all-streams" default:"true" doc:"Give out also what is not among caps; false fails instead"`
	ForceSWDecoders  bool        `prop:"force-sw-decoders" doc:"Leave out decoders whose class has the word Hardware"`
	PostTopology     bool        `prop:"post-stream-topology" doc:"Publish a message of what the stream is and what decodes it"`

	UseBuffering     bool   `prop:"use-buffering" doc:"Accepted without effect: put queue2 use-buffering=true before decodebin"`
	LowPercent       int    `prop:"low-percent" default:"10" min:"0" max:"100" doc:"Accepted without effect, as use-buffering"`
	HighPercent      int    `prop:"high-percent" default:"99" min:"0" max:"100" doc:"Accepted without effect, as use-buffering"`
	MaxSizeBuffers   uint   `prop:"max-size-buffers" doc:"Accepted without effect: there is no queue inside, put one behind"`
	MaxSizeBytes     uint   `prop:"max-size-bytes" doc:"Accepted without effect, as max-size-buffers"`
	MaxSizeTime      uint64 `prop:"max-size-time" doc:"Accepted without effect, as max-size-buffers"`
	ConnectionSpeed  uint64 `prop:"connection-speed" max:"18446744073709551" doc:"Accepted without effect: no stream is offered at several rates"`
	SubtitleEncoding string `prop:"subtitle-encoding" null:"null" doc:"Accepted without effect: there are no subtitles"`
	AsyncHandling    bool   `prop:"async-handling" doc:"Accepted without effect: state changes are the pipeline's"`
	MessageForward   bool   `prop:"message-forward" doc:"Accepted without effect: every message is on the bus"`

	decodeBinSignals
}

// decodeBinSignals are what programs may hear and decide. The pad that is decided
// about is the sink pad: there is one stream.
type decodeBinSignals struct {
	PadAdded    eiengine.Signal[func(pad string)]                                                   `signal:"pad-added" doc:"What decodes the stream is known, and it will come out of this pad"`
	PadRemoved  eiengine.Signal[func(pad string)]                                                   `signal:"pad-removed" doc:"The stream of this pad has ended, since the pipeline stopped"`
	NoMorePads  eiengine.Signal[func()]                                                             `signal:"no-more-pads" doc:"All pads are there"`
	UnknownType eiengine.Signal[func(pad string, caps frames.Caps)]                                 `signal:"unknown-type" doc:"Nothing decodes the stream; the pipeline fails after that"`
	Continue    eiengine.Signal[func(pad string, caps frames.Caps) bool]                            `signal:"autoplug-continue" doc:"Whether to decode the stream; false gives it out as it is"`
	Factories   eiengine.Signal[func(pad string, caps frames.Caps) []*eiengine.Factory]             `signal:"autoplug-factories" doc:"The elements to try, the best one first; nil leaves it to decodebin"`
	Sort        eiengine.Signal[func(string, frames.Caps, []*eiengine.Factory) []*eiengine.Factory] `signal:"autoplug-sort" doc:"The elements to try in another order; nil leaves it as it is"`
	Select      eiengine.Signal[func(pad string, caps frames.Caps, f *eiengine.Factory) Autoplug]   `signal:"autoplug-select" doc:"Whether to use this element"`
	Drained     eiengine.Signal[func()]                                                             `signal:"drained" doc:"All data has been taken in"`
}

// Autoplug is the answer to autoplug-select.
type Autoplug int

// The answers.
const (
	AutoplugTry    Autoplug = iota // use the element
	AutoplugExpose                 // give the stream out as it is
	AutoplugSkip                   // try the next element
)

// StreamTopology is what decodebin found, with post-stream-topology.
type StreamTopology struct {
	Caps string `json:"caps"`
	// Decoder is the element that decodes it, empty if nothing has to.
	Decoder string `json:"decoder"`
}

// StructureName implements bus.Payload.
func (*StreamTopology) StructureName() string { return "stream-topology" }

// decodeBin becomes the decoder of what it is given.
type decodeBin struct {
	eiengine.Settings[decodeBinProps]
	exposed bool
}

// The pads by which programs know the stream.
const (
	streamIn  = "sink"
	streamOut = "src_0"
)

// Start implements eiengine.Starter.
func (d *decodeBin) Start(*eiengine.Ctx) error {
	d.exposed = false
	return nil
}

// Stop implements eiengine.Starter.
func (d *decodeBin) Stop(*eiengine.Ctx) error {
	if !d.exposed {
		return nil
	}
	for _, f := range d.Load().PadRemoved.Handlers() {
		f(streamOut)
	}
	return nil
}

// Drain implements eiengine.Drainer.
func (d *decodeBin) Drain(*eiengine.Ctx) error {
	for _, f := range d.Load().Drained.Handlers() {
		f()
	}
	return nil
}

// Expand implements eiengine.Expander.
func (d *decodeBin) Expand(c *eiengine.Ctx, head []byte, final bool) (*eiengine.Spec, error) {
	caps := d.known(c)
	if caps.IsAny() {
		media, _ := findType(head)
		switch {
		case media != "":
			caps = byteStream(media)
		case len(head) == 0 && final:
			return nil, errors.New("could not determine type of stream: the input is empty, 0 bytes; check that the file was written")
		case len(head) < typeFindEnough && !final:
			return nil, nil
		default:
			return nil, fmt.Errorf("could not determine type of stream: %s; %s", describeHead(head), remedy(c))
		}
	}
	spec, decoder, err := d.chain(c, caps, head, final)
	if spec == nil || err != nil {
		return nil, err
	}
	p := d.Load()
	if p.PostTopology {
		c.Post(&StreamTopology{Caps: caps.String(), Decoder: decoder})
	}
	d.exposed = true
	for _, f := range p.PadAdded.Handlers() {
		f(streamOut)
	}
	for _, f := range p.NoMorePads.Handlers() {
		f()
	}
	return spec, nil
}

// chain is what decodebin becomes for a stream of these caps, nil if more of its
// beginning may tell. A recording is unpacked, and what it holds is decoded.
func (d *decodeBin) chain(c *eiengine.Ctx, caps frames.Caps, head []byte, final bool) (*eiengine.Spec, string, error) {
	if mediaOf(caps) != gdpMedia || d.Load().Caps.CanIntersect(caps) {
		return d.decoder(c, caps, head)
	}
	inside, known, err := recordedCaps(head)
	if err != nil || !known && !final {
		return nil, "", err
	}
	spec := new(eiengine.Spec)
	unpack := spec.Add("gdpdepay", "")
	if !known || d.Load().Caps.CanIntersect(inside) || mediaOf(inside) == gdpMedia {
		return spec, unpack, nil
	}
	decoded, decoder, err := d.decoder(c, inside, nil)
	if err != nil {
		return nil, "", err
	}
	spec.Nodes = append(spec.Nodes, decoded.Nodes...)
	spec.Link(unpack, decoded.Nodes[0].Name)
	return spec, decoder, nil
}

// known is what the input is if somebody has said so, ANY if not.
func (d *decodeBin) known(c *eiengine.Ctx) frames.Caps {
	if caps := d.Load().SinkCaps; !caps.IsAny() {
		return caps
	}
	if f := c.InFormat(0); f != nil {
		return f.Caps() // somebody upstream knows
	}
	return frames.AnyCaps()
}

// decoder is what decodebin becomes for a stream of these caps, and the name of
// the element that decodes it, if one has to.
func (d *decodeBin) decoder(c *eiengine.Ctx, caps frames.Caps, head []byte) (*eiengine.Spec, string, error) {
	p := d.Load()
	if p.Caps.CanIntersect(caps) && !p.Caps.IsAny() || !d.goesOn(caps) {
		return d.asItIs(c, caps), "", nil
	}
	for _, f := range d.candidates(c, caps) {
		switch d.judge(caps, f) {
		case AutoplugExpose:
			return d.asItIs(c, caps), "", nil
		case AutoplugSkip:
			continue
		}
		if !p.ExposeAllStreams && !gives(f, p.Caps) {
			return nil, "", fmt.Errorf("%s decodes %s, but gives none of caps=%q: add its media type to caps, or set expose-all-streams=true", f.Name, mediaOf(caps), p.Caps)
		}
		spec := new(eiengine.Spec)
		spec.Add(f.Name, "")
		return spec, f.Name, nil
	}
	for _, f := range p.UnknownType.Handlers() {
		f(streamIn, caps)
	}
	return nil, "", noDecoder(c, mediaOf(caps), head)
}

// asItIs passes the stream, and what it may change to.
func (d *decodeBin) asItIs(c *eiengine.Ctx, caps frames.Caps) *eiengine.Spec {
	spec := new(eiengine.Spec)
	if f := c.InFormat(0); f != nil && f.Media() == mediaOf(caps) {
		spec.Add("typefind", "")
		return spec
	}
	spec.Add("typefind", "", eiengine.PropSpec{Name: "force-caps", Value: caps.String()})
	return spec
}

// goesOn asks whether the stream is to be decoded.
func (d *decodeBin) goesOn(caps frames.Caps) bool {
	for _, wants := range d.Load().Continue.Handlers() {
		if !wants(streamIn, caps) {
			return false
		}
	}
	return true
}

// candidates are the elements that may decode the stream, the best one first.
func (d *decodeBin) candidates(c *eiengine.Ctx, caps frames.Caps) []*eiengine.Factory {
	p := d.Load()
	list := decodersOf(c.Engine().Registry(), caps, !p.ForceSWDecoders)
	for _, choose := range p.Factories.Handlers() {
		if own := choose(streamIn, caps); own != nil {
			list = own
		}
	}
	for _, sort := range p.Sort.Handlers() {
		if own := sort(streamIn, caps, slices.Clone(list)); own != nil {
			list = own
		}
	}
	return list
}

func (d *decodeBin) judge(caps frames.Caps, f *eiengine.Factory) Autoplug {
	for _, choose := range d.Load().Select.Handlers() {
		if a := choose(streamIn, caps, f); a != AutoplugTry {
			return a
		}
	}
	return AutoplugTry
}
