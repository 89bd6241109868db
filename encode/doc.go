// Package encode registers the elements that make files: encoders and the sinks
// that write what they give.
//
//	pngenc         one PNG per picture
//	jpegenc        one JPEG per picture
//	wavenc         a WAV of raw sound
//	gdppay         packets of any stream, which gdpdepay plays again with its times
//	filesink       everything into one file
//	multifilesink  each frame into a file of its own
//
// Import it for its registrations:
//
//	import _ "github.com/eiengine/eiengine/encode"
//
// The codecs themselves are in encode/codec and need no pipeline.
package encode
