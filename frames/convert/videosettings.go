package convert

import (
	"runtime"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames/pixel"
)

// videoProps are the properties that videoconvert, videoscale and
// videoconvertscale share, as GStreamer's do.
type videoProps struct {
	Method     scaleMethod `prop:"method,live" default:"bilinear" doc:"How to make a pixel of those around it"`
	AddBorders bool        `prop:"add-borders,live" default:"true" doc:"Keep the shape of the picture between black borders where size and pixel-aspect-ratio are both given"`
	Threads    uint        `prop:"n-threads,live" default:"1" doc:"Goroutines that share the rows of a large picture, 0 for one per processor"`
	Envelope   float64     `prop:"envelope,live" default:"2" min:"1" max:"5" doc:"Pixels to each side that the filters lanczos and sinc reach"`
	Sharpness  float64     `prop:"sharpness,live" default:"1" min:"0.5" max:"1.5" doc:"Above 1 narrows the filters of method, below 1 widens them; nearest-neighbour and bilinear are as they are"`
	AlphaMode  alphaMode   `prop:"alpha-mode,live" default:"copy" doc:"What becomes of alpha where pictures are changed and have it"`
	AlphaValue float64     `prop:"alpha-value,live" default:"1" min:"0" max:"1" doc:"Alpha that is set or multiplied with, as alpha-mode says"`

	ChromaMode      chromaMode      `prop:"chroma-mode" default:"full" doc:"Has no effect in this engine: chroma is always resampled both ways"`
	ChromaResampler resamplerMethod `prop:"chroma-resampler" default:"linear" doc:"Has no effect in this engine: chroma is repeated on the way up and averaged on the way down"`
	Dither          ditherMode      `prop:"dither" default:"bayer" doc:"Has no effect in this engine: all formats have 8 bits and values are rounded"`
	Quantization    uint            `prop:"dither-quantization" default:"1" doc:"Has no effect in this engine: nothing is dithered"`
	GammaMode       gammaMode       `prop:"gamma-mode" default:"none" doc:"Has no effect in this engine: no format here names a transfer function"`
	MatrixMode      matrixMode      `prop:"matrix-mode" default:"full" doc:"Has no effect in this engine: the colour matrix is always converted"`
	PrimariesMode   primariesMode   `prop:"primaries-mode" default:"none" doc:"Has no effect in this engine: no format here names primaries"`
	Sharpen         float64         `prop:"sharpen" default:"0" min:"0" max:"1" doc:"Has no effect in this engine: pictures are not sharpened beyond what method does"`
	QoS             bool            `prop:"qos" default:"true" doc:"Drop frames that would come too late at a sink with qos=true"`
}

// threads is n-threads with 0 resolved.
func (p *videoProps) threads() int {
	if p.Threads == 0 {
		return runtime.GOMAXPROCS(0)
	}
	return int(min(p.Threads, 64))
}

// scaleMethod is how pixels between pixels are made; numbers are GStreamer's.
type scaleMethod int

// EnumValues implements eiengine.Enum.
func (scaleMethod) EnumValues() []eiengine.EnumValue {
	return []eiengine.EnumValue{
		{Value: 0, Nick: "nearest-neighbour", Name: "Nearest Neighbour"},
		{Value: 1, Nick: "bilinear", Name: "Bilinear (2-tap)"},
		{Value: 2, Nick: "4-tap", Name: "4-tap Sinc"},
		{Value: 3, Nick: "lanczos", Name: "Lanczos"},
		{Value: 4, Nick: "bilinear2", Name: "Bilinear (multi-tap)"},
		{Value: 5, Nick: "sinc", Name: "Sinc (multi-tap)"},
		{Value: 6, Nick: "hermite", Name: "Hermite (multi-tap)"},
		{Value: 7, Nick: "spline", Name: "Spline (multi-tap)"},
		{Value: 8, Nick: "catrom", Name: "Catmull-Rom (multi-tap)"},
		{Value: 9, Nick: "mitchell", Name: "Mitchell (multi-tap)"},
	}
}

var scaleKernels = [...]pixel.Method{
	pixel.Nearest, pixel.Bilinear, pixel.Sinc4, pixel.Lanczos, pixel.Linear,
	pixel.Sinc, pixel.Hermite, pixel.Spline, pixel.CatmullRom, pixel.Mitchell,
}

func (m scaleMethod) kernel() pixel.Method { return scaleKernels[m] }

// alphaMode is what becomes of alpha.
type alphaMode int

const (
	alphaCopy alphaMode = iota
	alphaSet
	alphaMultiply
)

// EnumValues implements eiengine.Enum.
func (alphaMode) EnumValues() []eiengine.EnumValue { return nicks("copy", "set", "mult") }

// The enumerations of what has no effect, so that lines which set it run.
type (
	chromaMode      int
	resamplerMethod int
	ditherMode      int
	gammaMode       int
	matrixMode      int
	primariesMode   int
)

// EnumValues implements eiengine.Enum.
func (chromaMode) EnumValues() []eiengine.EnumValue {
	return nicks("full", "upsample-only", "downsample-only", "none")
}

// EnumValues implements eiengine.Enum.
func (resamplerMethod) EnumValues() []eiengine.EnumValue {
	return nicks("nearest", "linear", "cubic", "sinc", "lanczos")
}

// EnumValues implements eiengine.Enum.
func (ditherMode) EnumValues() []eiengine.EnumValue {
	return nicks("none", "verterr", "floyd-steinberg", "sierra-lite", "bayer")
}

// EnumValues implements eiengine.Enum.
func (gammaMode) EnumValues() []eiengine.EnumValue { return nicks("none", "remap") }

// EnumValues implements eiengine.Enum.
func (matrixMode) EnumValues() []eiengine.EnumValue {
	return nicks("full", "input-only", "output-only", "none")
}

// EnumValues implements eiengine.Enum.
func (primariesMode) EnumValues() []eiengine.EnumValue { return nicks("none", "merge-only", "fast") }

// nicks numbers values from 0.
func nicks(names ...string) []eiengine.EnumValue {
	values := make([]eiengine.EnumValue, 0, len(names))
	for i, n := range names {
		values = append(values, eiengine.EnumValue{Value: i, Nick: n})
	}
	return values
}
