package eiengine

import "strings"

// foreign holds names of elements that public launch lines have, by what they
// are for; "*" stands for any ending. Which elements do the same here is looked up
// by class, so that nothing has to change here when one is added.
var foreign = []struct {
	job   string
	names string
	here  string // how the class of those begins that do it here, or a name
}{
	{"taking pictures of a camera or screen", "v4l2src libcamerasrc autovideosrc avfvideosrc nvarguscamerasrc nvv4l2camerasrc qtiqmmfsrc pylonsrc ximagesrc pipewiresrc wrappercamerabinsrc", "Source/Video"},
	{"taking sound", "autoaudiosrc alsasrc pulsesrc osxaudiosrc jackaudiosrc openalsrc", "Source/Audio"},
	{"showing pictures", "autovideosink ximagesink xvimagesink glimagesink waylandsink kmssink fbdevsink gtksink nveglglessink nv3dsink d3d11videosink osxvideosink fpsdisplaysink", "Sink/Video"},
	{"playing sound", "autoaudiosink alsasink pulsesink osxaudiosink jackaudiosink", "Sink/Audio"},
	{"coding video", "x264enc x265enc openh264enc avenc_* vp8enc vp9enc av1enc theoraenc v4l2h264enc v4l2h265enc nvv4l2h264enc nvv4l2h265enc nvh264enc nvh265enc nvjpegenc vaapih264enc vah264enc", "Codec/Encoder/"},
	{"decoding", "avdec_* openh264dec vp8dec vp9dec v4l2h264dec v4l2jpegdec nvv4l2decoder nvjpegdec vaapih264dec vah264dec mad mpg123audiodec faad vorbisdec opusdec flacdec uridecodebin decodebin3 parsebin", "decodebin"},
	{"reading files of several streams", "qtdemux matroskademux avidemux tsdemux oggdemux flvdemux", "Codec/Demuxer"},
	{"writing files of several streams", "mp4mux qtmux matroskamux webmmux avimux mpegtsmux oggmux flvmux splitmuxsink", "Codec/Muxer"},
	{"converting and scaling pictures", "autovideoconvert nvvidconv nvvideoconvert v4l2convert vaapipostproc qtivtransform imxvideoconvert_* glcolorconvert", "videoconvertscale"},
	{"data from the network", "rtspsrc udpsrc tcpclientsrc tcpserversrc souphttpsrc rtmpsrc srtsrc webrtcsrc", "Source/Network"},
	{"sending data over the network", "udpsink tcpclientsink tcpserversink rtmpsink rtmp2sink srtsink hlssink hlssink2 webrtcbin whipsink shmsink", "Sink/Network"},
	{"showing several streams in one picture", "compositor videomixer glvideomixer vacompositor nvcompositor nvmultistreamtiler nvstreammux", "compositor"},
	{"mixing sound", "audiomixer adder interleave audiointerleave", "Filter/Editor/Audio"},
	{"writing on pictures", "textoverlay timeoverlay clockoverlay cairooverlay rsvgoverlay gdkpixbufoverlay nvdsosd", "edgeimpulseoverlay"},
	{"playing a file at once", "playbin playbin3 play", "decodebin"},
	{"uploading to Edge Impulse", "edgeimpulsesink", "Sink/AI"},
	{"cutting out what a model found", "edgeimpulsecrop", "edgeimpulsecrop"},
	{"passing frames on by what a model found", "edgeimpulsecontinueif", "edgeimpulsecontinueif"},
}

// foreignJob says what an element of GStreamer is for, in words.
func foreignJob(name string) (job string, known bool) {
	i := foreignIndex(name)
	if i < 0 {
		return "", false
	}
	return foreign[i].job, true
}

func foreignIndex(name string) int {
	for i, e := range foreign {
		for known := range strings.FieldsSeq(e.names) {
			if start, open := strings.CutSuffix(known, "*"); name == known || open && strings.HasPrefix(name, start) {
				return i
			}
		}
	}
	return -1
}

// forJobOf names the elements that do what GStreamer's element of that name does.
func (r *Registry) forJobOf(name string) []string {
	i := foreignIndex(name)
	if i < 0 {
		return nil
	}
	var names []string
	for _, f := range r.All() {
		if here := foreign[i].here; f.Name == here || strings.HasPrefix(f.Class, here) {
			names = append(names, f.Name)
		}
	}
	return names
}
