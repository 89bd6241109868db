package flow

import (
	"strings"
	"testing"

	"github.com/eiengine/eiengine/internal/graphtest"
)

const rgb4x4 = "video/x-raw,format=RGB,width=4,height=4,framerate=5/1"

func TestCapsfilterDecidesTheFormat(t *testing.T) {
	p := graphtest.Run(t, "fakesrc num-buffers=2 sizetype=fixed sizemax=48 ! "+rgb4x4+" ! queue ! testcollect name=s")
	got := p.Element("s").(*collector).frames()
	if len(got) != 2 || !strings.Contains(got[0].format, "width=(int)4") {
		t.Errorf("got %d frames, the first of format %s", len(got), got[0].format)
	}
}

func TestCapsfilterRefuses(t *testing.T) {
	p := graphtest.Launch(t, "fakesrc num-buffers=2 sizetype=fixed sizemax=48 ! "+rgb4x4+" ! queue ! fakesink")
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	_, err := p.Engine().Launch("fakesrc ! " + rgb4x4 + " ! identity ! video/x-raw,format=GRAY8 ! fakesink")
	if err == nil || !strings.Contains(err.Error(), "GRAY8") {
		t.Errorf("err = %v, want one that names both formats before anything starts", err)
	}
}

func TestCapsfilterChangesWhilePlaying(t *testing.T) {
	ctx := graphtest.Context(t)
	p := graphtest.Launch(t, "fakesrc sizetype=fixed sizemax=48 ! capsfilter name=c caps="+rgb4x4+" ! queue ! testcollect name=s")
	if err := p.Play(ctx); err != nil {
		t.Fatal(err)
	}
	if err := p.Set("c", "caps", strings.Replace(rgb4x4, "height=4", "height=2", 1)); err != nil {
		t.Fatal(err)
	}
	err := p.Element("s").(*collector).until(ctx, func(got []taken) bool {
		return len(got) > 0 && strings.Contains(got[len(got)-1].format, "height=(int)2")
	})
	if err != nil {
		t.Errorf("no frame of the new format came: %v", err)
	}
	if err := p.Stop(ctx); err != nil {
		t.Fatal(err)
	}
}

func TestFakesrcRefusesToLieAboutPictures(t *testing.T) {
	p := graphtest.Launch(t, "fakesrc ! "+rgb4x4+" ! fakesink")
	err := p.Play(graphtest.Context(t))
	if err == nil || !strings.Contains(err.Error(), "sizemax=48") {
		t.Errorf("err = %v, want one that says the size of a picture", err)
	}
}

func TestMemoryThatDoesNotExistHereIsTheSystems(t *testing.T) {
	p := graphtest.Run(t, "fakesrc num-buffers=2 sizetype=fixed sizemax=48 ! "+strings.Replace(rgb4x4, "x-raw", "x-raw(memory:NVMM)", 1)+" ! testcollect name=s")
	if got := p.Element("s").(*collector).frames(); len(got) != 2 {
		t.Errorf("got %d frames, not 2", len(got))
	}
}
