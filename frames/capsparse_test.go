package frames

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

func TestParseCapsText(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"ANY", "ANY"},
		{" EMPTY ", "EMPTY"},
		{"NONE", "EMPTY"},
		{"video/x-raw", "video/x-raw"},
		{"video/x-raw,format=RGB,width=320", "video/x-raw, format=(string)RGB, width=(int)320"},
		{"video/x-raw , format = RGB ,\n width= 320 ", "video/x-raw, format=(string)RGB, width=(int)320"},
		{"video/x-raw,width=(i)320,height=(int) 240", "video/x-raw, width=(int)320, height=(int)240"},
		{"video/x-raw,width=\"320\",", "video/x-raw, width=(int)320"},
		{"x/y,a=010,b=08,c=0b1,d=0", "x/y, a=(int)8, b=(double)8, c=(string)0b1, d=(int)0"},
		{"video/x-raw,width=0x10", "video/x-raw, width=(int)16"},
		{"video/x-raw,framerate=30/1", "video/x-raw, framerate=(fraction)30/1"},
		{"video/x-raw,framerate=60/2", "video/x-raw, framerate=(fraction)30/1"},
		{"video/x-raw,framerate=(fraction)30", "video/x-raw, framerate=(fraction)30/1"},
		{"video/x-raw,framerate=30", "video/x-raw, framerate=(int)30"},
		{"video/x-raw,framerate=[0/1,max]", "video/x-raw, framerate=(fraction)[ 0/1, 2147483647/1 ]"},
		{"video/x-raw,framerate=(fraction)[0,max]", "video/x-raw, framerate=(fraction)[ 0/1, 2147483647/1 ]"},
		{"video/x-raw,framerate=[1,30/1]", "video/x-raw, framerate=(fraction)[ 1/1, 30/1 ]"},
		{"video/x-raw,width=[1,4096]", "video/x-raw, width=(int)[ 1, 4096 ]"},
		{"video/x-raw,width=(int)[ 1, 2147483647 ]", "video/x-raw, width=(int)[ 1, 2147483647 ]"},
		{"video/x-raw,width=[1,max]", "video/x-raw, width=(int)[ 1, 2147483647 ]"},
		{"video/x-raw,width=[7,7]", "video/x-raw, width=(int)7"},
		{"video/x-raw,format={RGB,BGR}", "video/x-raw, format=(string){ RGB, BGR }"},
		{"video/x-raw,format=(string){ RGB, BGR }", "video/x-raw, format=(string){ RGB, BGR }"},
		{"video/x-raw,format={ (s)RGB, (string)BGR }", "video/x-raw, format=(string){ RGB, BGR }"},
		{"video/x-raw,format={RGB}", "video/x-raw, format=(string)RGB"},
		{"video/x-raw,format={RGB,{BGR,RGB}}", "video/x-raw, format=(string){ RGB, BGR }"},
		{"video/x-raw,width={[1,5],10,3}", "video/x-raw, width=(int){ [ 1, 5 ], 10 }"},
		{"x/y,a={1,one}", "x/y, a={ (int)1, (string)one }"},
		{"x/y,a=1.5,b=(f)2,c=(double)1e3,d=[0.5,1]", "x/y, a=(double)1.5, b=(double)2, c=(double)1000, d=(double)[ 0.5, 1 ]"},
		{"x/y,a=true,b=(bool)1,c=(b)no,d=FALSE", "x/y, a=(boolean)true, b=(boolean)true, c=(boolean)false, d=(boolean)false"},
		{`x/y,a=(string)30,b="two words",c="q\"\\",d="\101"`, `x/y, a=(string)30, b=(string)"two words", c=(string)"q\"\\", d=(string)A`},
		{`x/y,a=""`, `x/y, a=(string)""`},
		{"video/x-h264,level=(string)3.1", "video/x-h264, level=(string)3.1"},
		{"video/x-raw,colorimetry=1:1:5:1", "video/x-raw, colorimetry=(string)1:1:5:1"},
		{"audio/x-raw,channel-mask=(bitmask)0x3", "audio/x-raw, channel-mask=(bitmask)0x0000000000000003"},
		{"application/x-rtp,ssrc=(uint)4294967295", "application/x-rtp, ssrc=(int)4294967295"},
		{"video/x-raw(memory:NVMM), format=NV12", "video/x-raw(memory:NVMM), format=(string)NV12"},
		{"video/x-raw(memory:SystemMemory)", "video/x-raw"},
		{"video/x-raw(meta:B, memory:A)", "video/x-raw(memory:A, meta:B)"},
		{"video/x-raw(ANY)", "video/x-raw(ANY)"},
		{"video/x-raw,width=1;audio/x-raw ; ", "video/x-raw, width=(int)1; audio/x-raw"},
		{"video/x-raw;video/x-raw,width=1", "video/x-raw"},
		{"x/y,a=1,a=2", "x/y, a=(int)2"},
	} {
		c, err := ParseCaps(tt.in)
		if err != nil {
			t.Errorf("%s: %v", tt.in, err)
			continue
		}
		if c.String() != tt.want {
			t.Errorf("%s\n got %s\nwant %s", tt.in, c, tt.want)
		}
		if again, err := ParseCaps(c.String()); err != nil || again.String() != c.String() {
			t.Errorf("%s: read back as %s, %v", c, again, err)
		}
	}
}

func TestParseCapsErrors(t *testing.T) {
	for _, tt := range []struct {
		in     string
		column int
		word   string
		says   string
	}{
		{"", 1, "", "expected a media type"},
		{"  ", 3, "", "expected a media type"},
		{"4/x", 1, "4/x", "expected a media type"},
		{"video/x-raw,,", 13, ",", "expected a field"},
		{"video/x-raw,format", 13, "format", `expected "="`},
		{"video/x-raw,format=", 20, "", "expected a value"},
		{"video/x-raw,format=(nosuch)RGB", 21, "nosuch", "unknown type"},
		{"video/x-raw,format=(string", 27, "", `expected ")"`},
		{"video/x-raw,width=(int)abc", 24, "abc", "no int"},
		{"video/x-raw,width=(int)99999999999999999999", 24, "99999999999999999999", "no int"},
		{"video/x-raw,framerate=(fraction)1/0", 33, "1/0", "no fraction"},
		{"video/x-raw,width=[5,1]", 19, "[5,1]", "above the upper"},
		{"video/x-raw,width=[1,RGB]", 19, "[1,RGB]", "two numbers"},
		{"video/x-raw,width=[1]", 21, "]", `expected ","`},
		{"video/x-raw,width=[1,2,1]", 23, ",", "step"},
		{"video/x-raw,width=[1,2", 23, "", `expected "]"`},
		{"video/x-raw,format={RGB", 20, "{", "no closing"},
		{"video/x-raw,format={}", 21, "}", "expected a value"},
		{"video/x-raw,format={RGB BGR}", 25, "BGR", `expected "," or "}"`},
		{`video/x-raw,format="RGB`, 20, `"`, "no closing quote"},
		{"video/x-raw,format=<1,2>", 20, "<", "arrays"},
		{"video/x-raw format=RGB", 13, "format", `expected ","`},
		{"video/x-raw()", 13, ")", "caps feature"},
		{"video/x-raw(NVMM)", 13, "NVMM", "memory:NVMM"},
		{"video/x-raw(memory:NVMM", 24, "", `expected ")"`},
		{"x/y,a=é", 7, "é", "expected a value"},
		{"x/y,a=[(i)[(i)[1,2],3],4]", 11, "[", "cannot hold"},
		{"x/y,a=" + strings.Repeat("{", 20), 15, "{", "nested"},
	} {
		_, err := ParseCaps(tt.in)
		var e *CapsSyntaxError
		if !errors.As(err, &e) {
			t.Errorf("%s: error %v, want a *CapsSyntaxError", tt.in, err)
			continue
		}
		if e.Column != tt.column || e.Word != tt.word || !strings.Contains(e.Message, tt.says) {
			t.Errorf("%s: got column %d, word %q, %q; want %d, %q, %q", tt.in, e.Column, e.Word, e.Message, tt.column, tt.word, tt.says)
		}
	}
}

func TestCapsInJSON(t *testing.T) {
	in := map[string]Caps{"a": AnyCaps(), "e": {}, "v": MustCaps(`video/x-raw,format="two words"`)}
	text, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	var out map[string]Caps
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	for k := range in {
		if in[k].String() != out[k].String() {
			t.Errorf("%s: %s became %s", k, in[k], out[k])
		}
	}
	if json.Unmarshal([]byte(`{"v":"video/x-raw,x"}`), &out) == nil {
		t.Error("a mistake in the caps went unnoticed")
	}
}

func FuzzParseCaps(f *testing.F) {
	for _, s := range []string{
		"ANY", "EMPTY", "video/x-raw, format=(string){ RGB, BGR }, width=[ 1, 4096 ], framerate=30/1",
		"video/x-raw(memory:NVMM),a=0x10,b=(double)1e300,c=\"\\101\\\\\";x/y,a={1,{b,[2,3]}}", "x/y,m=(bitmask)0x3,f=-1/-3",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := ParseCaps(text)
		if err != nil {
			return
		}
		again, err := ParseCaps(c.String())
		if err != nil {
			t.Fatalf("%q gave %q, which cannot be read: %v", text, c, err)
		}
		if again.String() != c.String() || !again.Equal(c) {
			t.Fatalf("%q gave %q, read back %q", text, c, again)
		}
		if x := c.Fixate(); !c.IsAny() && !c.IsEmpty() && (!x.IsFixed() || !x.CanIntersect(c)) {
			t.Fatalf("%q fixated to %q", c, x)
		}
		if !c.Intersect(c).Equal(c) {
			t.Fatalf("%q intersected with itself is %q", c, c.Intersect(c))
		}
	})
}
