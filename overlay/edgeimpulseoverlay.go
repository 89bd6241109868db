package overlay

import (
	"slices"
	"strconv"
	"strings"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/frames/pixel"
	"github.com/eiengine/eiengine/overlay/raster"
)

func init() {
	eiengine.Register(eiengine.Factory{
		Name: "edgeimpulseoverlay", LongName: "Edge Impulse Overlay", Class: "Filter/Effect/Video",
		Description: "Draws what models found: boxes and labels of detections, the best label, the anomaly grid",
		Pads:        []eiengine.PadTemplate{eiengine.SinkPad(drawableCaps()), eiengine.SrcPad(drawableCaps())},
		New:         func() eiengine.Element { return &overlay{} },
		Variant:     func(string) eiengine.Element { return &overlay{} },
	})
}

// drawableCaps are the formats that can be drawn on; those of the Edge Impulse
// plugin come first.
func drawableCaps() frames.Caps {
	names := frames.List{}
	add := func(all ...frames.PixelFormat) {
		for _, f := range all {
			if name := frames.String(f.String()); raster.Supports(f) && !slices.Contains(names, frames.Value(name)) {
				names = append(names, name)
			}
		}
	}
	add(frames.RGB, frames.BGR, frames.RGBA, frames.BGRA)
	add(frames.PixelFormats()...)
	return frames.NewCaps(frames.Structure{Media: frames.VideoRaw, Fields: []frames.Field{
		{Name: "format", Value: names},
		{Name: "width", Value: frames.IntRange{Min: 1, Max: 32768}},
		{Name: "height", Value: frames.IntRange{Min: 1, Max: 32768}},
	}})
}

type overlayProps struct {
	StrokeWidth     int     `prop:"stroke-width,live" default:"2" min:"0" max:"100" doc:"Width of the lines of boxes and grids in pixels, 0 for none"`
	TextColor       uint    `prop:"text-color,live" default:"16777215" doc:"Colour of text as 0xRRGGBB; white stands for black or white, whichever reads better"`
	BackgroundColor uint    `prop:"background-color,live" default:"0" doc:"Colour behind the text of a classification as 0xRRGGBB"`
	FontType        string  `prop:"font-type,live" default:"Sans" doc:"Font of the text: a name with Bold in it draws bold; the font itself is the engine's own"`
	TextFont        string  `prop:"text-font,live" doc:"Another name of font-type; counts if it is set"`
	TextFontSize    uint    `prop:"text-font-size,live" max:"512" doc:"Size of all text in pixels; 0 sizes text by the boxes and the frame"`
	TextPosition    string  `prop:"text-position,live" default:"top-left" doc:"Where the text of a classification stands: top-left, top-right, bottom-left or bottom-right"`
	ShowLabels      bool    `prop:"show-labels,live" default:"true" doc:"Draw the labels of detections"`
	TextScaleRatio  float64 `prop:"text-scale-ratio,live" default:"1" min:"0.1" max:"5" doc:"Makes text larger or smaller that is sized by the boxes and the frame"`
	InputWidth      int     `prop:"model-input-width,live" default:"160" min:"1" doc:"Taken for the sake of old launch lines and not used: regions are in pixels of the frame"`
	InputHeight     int     `prop:"model-input-height,live" default:"160" min:"1" doc:"Taken for the sake of old launch lines and not used: regions are in pixels of the frame"`
}

type overlay struct {
	eiengine.Settings[overlayProps]
	palette palette
	faces   map[faceKey]*raster.Face
	regions []*frames.Region // of the frame being drawn, in the order found
}

type faceKey struct {
	px   int
	bold bool
}

// Process implements eiengine.Filter.
func (o *overlay) Process(c *eiengine.Ctx, in *frames.Frame) error {
	if !in.Format.IsVideo() {
		return c.Push(0, in)
	}
	p := o.Load()
	best, anomaly := o.find(in, p)
	if best == nil && !shown(anomaly, p) && len(o.regions) == 0 {
		return c.Push(0, in)
	}
	if err := c.Writable(in); err != nil {
		c.Drop(in)
		return err
	}
	pic := in.Picture()
	if err := o.draw(&pic, p, best, anomaly); err != nil {
		c.Drop(in)
		return err
	}
	return c.Push(0, in)
}

// find collects what there is to draw.
func (o *overlay) find(f *frames.Frame, p *overlayProps) (best *frames.Classification, anomaly *frames.Anomaly) {
	clear(o.regions)
	o.regions = o.regions[:0]
	for m := range f.Metas() {
		switch v := m.(type) {
		case *frames.Region:
			if !v.FullFrame && (p.StrokeWidth > 0 || p.ShowLabels) {
				o.regions = append(o.regions, v)
			}
		case *frames.Classification:
			if best == nil || v.Confidence > best.Confidence {
				best = v
			}
		case *frames.Anomaly:
			if !shown(anomaly, p) {
				anomaly = v
			}
		}
	}
	// The list is latest first, drawing is in the order found.
	for i, j := 0, len(o.regions)-1; i < j; i, j = i+1, j-1 {
		o.regions[i], o.regions[j] = o.regions[j], o.regions[i]
	}
	return best, anomaly
}

// shown reports whether there is anything of an anomaly to draw: the cells of a
// grid, or, where the model looks at no places, its score.
func shown(a *frames.Anomaly, p *overlayProps) bool {
	return a != nil && (a.Grid == nil || len(a.Grid) > 0 && p.StrokeWidth > 0)
}

func (o *overlay) draw(pic *frames.Picture, p *overlayProps, best *frames.Classification, anomaly *frames.Anomaly) error {
	if text := verdict(best, anomaly); text != "" {
		if err := o.drawVerdict(pic, p, text); err != nil {
			return err
		}
	}
	if shown(anomaly, p) {
		if err := drawGrid(pic, p, anomaly); err != nil {
			return err
		}
	}
	for _, r := range o.regions {
		if err := o.drawRegion(pic, p, r); err != nil {
			return err
		}
	}
	return nil
}

// textPadding is the border of the background around text.
const textPadding = 2

// translucent is the alpha of backgrounds of text, 70 %.
const translucent = 179

func (o *overlay) drawRegion(pic *frames.Picture, p *overlayProps, r *frames.Region) error {
	colour := o.palette.of(r)
	if err := raster.Outline(pic, r.Rect, p.StrokeWidth, colour); err != nil {
		return err
	}
	if !p.ShowLabels {
		return nil
	}
	face, err := o.face(p, detectionSize(r.Rect.H, pic.Height, p), pic.Height)
	if err != nil {
		return err
	}
	text := percentText(r.Label, r.Confidence, r.ObjectID, r.Tracked)
	background := colour
	background.A = translucent
	_, err = raster.Label(pic, r.Rect.X+textPadding, r.Rect.Y+textPadding, text, face, textPadding, ink(p, colour), background)
	return err
}

// verdict is what a model says of the whole picture: "cat 95.0%", "anomaly 0.35",
// or both; "" if it says nothing.
func verdict(best *frames.Classification, anomaly *frames.Anomaly) string {
	var text string
	if best != nil {
		text = percentText(best.Label, best.Confidence, 0, false)
	}
	if anomaly == nil || anomaly.Grid != nil {
		return text
	}
	score := "anomaly " + strconv.FormatFloat(anomaly.Score, 'f', 2, 64)
	if text == "" {
		return score
	}
	return text + "  " + score
}

// drawVerdict writes into a corner of the picture.
func (o *overlay) drawVerdict(pic *frames.Picture, p *overlayProps, text string) error {
	face, err := o.face(p, classificationSize(pic.Height, p), pic.Height)
	if err != nil {
		return err
	}
	w, h := face.Measure(text)
	const edge = 3
	x, y := edge, edge
	if strings.HasSuffix(p.TextPosition, "right") {
		x = max(0, pic.Width-w-2*textPadding-edge)
	}
	if strings.HasPrefix(p.TextPosition, "bottom") {
		y = max(0, pic.Height-h-2*textPadding-edge)
	}
	background := rgb(uint32(p.BackgroundColor))
	colour := ink(p, background)
	background.A = translucent
	_, err = raster.Label(pic, x, y, text, face, textPadding, colour, background)
	return err
}

func drawGrid(pic *frames.Picture, p *overlayProps, a *frames.Anomaly) error {
	for _, cell := range a.Grid {
		colour := heat(cell.Score)
		inside := colour
		inside.A = 51 // 20 %
		if err := raster.FillRect(pic, cell.Rect, inside); err != nil {
			return err
		}
		if err := raster.Outline(pic, cell.Rect, p.StrokeWidth, colour); err != nil {
			return err
		}
	}
	return nil
}

// of is the colour of a region: each tracked object has its own.
func (p *palette) of(r *frames.Region) pixel.Color {
	if r.Tracked {
		return p.ofObject(r.ObjectID)
	}
	return p.ofLabel(r.Label)
}

// ink is the colour of text on a background.
func ink(p *overlayProps, background pixel.Color) pixel.Color {
	if p.TextColor&0xFFFFFF == 0xFFFFFF {
		return raster.Contrast(background)
	}
	return rgb(uint32(p.TextColor))
}

// percentText is "label 95.0%", or "label (ID: 7) 95.0%" for a tracked object.
func percentText(label string, confidence float64, id uint64, tracked bool) string {
	b := make([]byte, 0, len(label)+32)
	b = append(b, label...)
	if tracked {
		b = append(b, " (ID: "...)
		b = strconv.AppendUint(b, id, 10)
		b = append(b, ')')
	}
	b = append(b, ' ')
	b = strconv.AppendFloat(b, confidence*100, 'f', 1, 64)
	return string(append(b, '%'))
}

// smallestSize is the font size in pixels below which text is not readable on a
// frame of that height.
func smallestSize(frameHeight int) int {
	switch {
	case frameHeight <= 240:
		return 9
	case frameHeight <= 480:
		return 8
	case frameHeight <= 720:
		return 6
	}
	return 5
}

// detectionSize is the font size for a box: 6 % of its height within limits.
func detectionSize(boxHeight, frameHeight int, p *overlayProps) int {
	if p.TextFontSize > 0 {
		return int(p.TextFontSize)
	}
	size := max(boxHeight*6/100, smallestSize(frameHeight))
	size = min(size, boxHeight, 14)
	return max(1, min(int(float64(size)*p.TextScaleRatio), boxHeight, 20))
}

// classificationSize is the font size for the frame: 2.5 % of its height within
// limits.
func classificationSize(frameHeight int, p *overlayProps) int {
	if p.TextFontSize > 0 {
		return int(p.TextFontSize)
	}
	size := min(max(frameHeight*25/1000, smallestSize(frameHeight)), 20)
	return max(1, min(int(float64(size)*p.TextScaleRatio), 30))
}

// maxFaces bounds the faces that are kept, against sizes that never repeat.
const maxFaces = 64

// face is the font at a size; bold on small frames, where thin lines are lost.
func (o *overlay) face(p *overlayProps, px, frameHeight int) (*raster.Face, error) {
	name := p.FontType
	if p.TextFont != "" {
		name = p.TextFont
	}
	key := faceKey{px, frameHeight < 200 || strings.Contains(strings.ToLower(name), "bold")}
	if f := o.faces[key]; f != nil {
		return f, nil
	}
	f, err := raster.NewFace(key.px, key.bold)
	if err != nil {
		return nil, err
	}
	if o.faces == nil || len(o.faces) >= maxFaces {
		o.faces = map[faceKey]*raster.Face{}
	}
	o.faces[key] = f
	return f, nil
}
