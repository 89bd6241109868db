package capture

import "testing"

func FuzzFindType(f *testing.F) {
	f.Add([]byte("ID3\x04\x00\x00\x7f\x7f\x7f\x7f\xff\xfb"))
	f.Add([]byte("\x00\x00\x00\x20ftypisom avc1"))
	f.Add([]byte("RIFF\x00\x00\x00\x00AVI "))
	f.Fuzz(func(t *testing.T, head []byte) {
		media, sure := findType(head)
		if (media == "") != (sure == 0) || sure > 100 {
			t.Errorf("%q with %d per cent", media, sure)
		}
		holds(media, head)
		if behindID3(head) == "" {
			t.Error("an ID3 tag stands before nothing")
		}
		if describeHead(head) == "" {
			t.Error("nothing to say")
		}
	})
}
