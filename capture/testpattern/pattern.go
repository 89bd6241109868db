package testpattern

// Pattern is what to draw. The numbers are GStreamer's.
type Pattern int

// The patterns. Those that blend use the foreground and the background colour.
const (
	SMPTE           Pattern = iota // bars over inverted bars over grey steps and noise
	Snow                           // noise
	Black                          // the background colour
	White                          // the foreground colour
	Red                            // red
	Green                          // green
	Blue                           // blue
	Checkers1                      // red and green squares of 1 pixel
	Checkers2                      // of 2 pixels
	Checkers4                      // of 4 pixels
	Checkers8                      // of 8 pixels
	Circular                       // rings that grow finer from ring to ring
	Blink                          // background and foreground in turn
	SMPTE75                        // seven bars of 75 %
	ZonePlate                      // sine of a polynomial of place and time, in luma
	Gamut                          // squares of legal and illegal colours
	ChromaZonePlate                // the zone plate in chroma
	Solid                          // the foreground colour
	Ball                           // a disc that moves
	SMPTE100                       // seven bars of 100 %
	Bar                            // a bar of the foreground colour at the left
	Pinwheel                       // soft sectors that turn with KT
	Spokes                         // lines that turn with KT
	Gradient                       // background at the top to foreground at the bottom
	Colors                         // all colours in a grid
	SMPTERP219                     // bars for wide screens after SMPTE RP 219
	patterns
)

// Animation is what moves the ball.
type Animation int

// The numbers are GStreamer's.
const (
	ByFrames      Animation = iota // the number of the frame, 200 a turn
	ByWallTime                     // the time of day, a second a turn
	ByRunningTime                  // the time of the frame, a second a turn
)

// Motion is the path of the ball.
type Motion int

// The numbers are GStreamer's.
const (
	Wavy   Motion = iota // two sines whose periods never meet
	Sweep                // a circle about the centre, with cross lines
	HSweep               // the right half of the circle, again and again
)

// Options say what to draw and how. The zero value is SMPTE bars whose noise is
// transparent black: set the colours.
type Options struct {
	Pattern                Pattern
	Foreground, Background uint32 // 0xAARRGGBB
	// HorizontalSpeed is how many pixels the picture moves to the left a frame.
	HorizontalSpeed int
	// The coefficients of the zone plates' phase, 256 being a full period: K0 +
	// KX x + KY y + KT t + KXT x t + KYT y t + KXY x y + KX2 x² + KY2 y² + KT2 t².
	K0, KX, KY, KT, KXT, KYT, KXY, KX2, KY2, KT2 int
	XOffset, YOffset                             int // of the centre of a zone plate, pixels
	Animation                                    Animation
	Motion                                       Motion
	Flip                                         bool // exchange the ball's colours every second
}
