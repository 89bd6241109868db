package main

import (
	"fmt"
	"strings"
)

// tiles are four pictures in one of 1280x720, two by two.
var tiles = []work{
	tiled(raw{"I420", 640, 360}, "I420", ""),
	tiled(raw{"RGB", 640, 360}, "RGB", ""),
	tiled(raw{"I420", 640, 360}, "I420", " alpha=0.5"),
	tiled(raw{"RGBA", 640, 360}, "RGBA", ""),
	tiled(fullHD("I420"), "I420", ""),
	tiled(fullHD("NV12"), "RGB", ""),
}

// tiled is a line of compositor; each is a property of all of its pads.
func tiled(from raw, to, each string) work {
	line := "compositor name=c max-threads=1 background=black"
	for i := range 4 {
		pad := fmt.Sprintf(" sink_%d::", i)
		line += fmt.Sprintf("%[1]sxpos=%[2]d%[1]sypos=%[3]d%[1]swidth=640%[1]sheight=360", pad, i%2*640, i/2*360)
		if each != "" {
			line += pad + strings.TrimSpace(each)
		}
	}
	line += " ! " + hd(to).caps() + " ! fakesink sync=false"
	for range 4 {
		line += " " + still(from) + " ! c."
	}
	return work{fmt.Sprintf("4 stills, %v → %v by compositor%s", from, hd(to), each), line, ahead}
}
