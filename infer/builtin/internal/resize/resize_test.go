package resize

import "testing"

// One row of gray pixels in, one row out.
func row(f Filter, width int, pixels ...byte) []byte {
	src, dst := make([]byte, 0, 3*len(pixels)), make([]byte, 3*width)
	for _, p := range pixels {
		src = append(src, p, p/2, 7)
	}
	f(dst, width, 1, src, len(pixels), 1)
	out := make([]byte, width)
	for i := range out {
		out[i] = dst[3*i]
	}
	return out
}

func TestFilters(t *testing.T) {
	for _, c := range []struct {
		name   string
		filter Filter
		in     []byte
		want   []byte
	}{
		{"area halves", Area, []byte{10, 20, 30, 50}, []byte{15, 40}},
		{"area by one and a half", Area, []byte{30, 60, 90}, []byte{40, 80}},
		{"area keeps", Area, []byte{1, 2, 255}, []byte{1, 2, 255}},
		{"area enlarges", Area, []byte{10, 20}, []byte{10, 10, 20, 20}},
		{"bilinear quarters", Bilinear, []byte{0, 10, 20, 0, 0, 100, 50, 0}, []byte{15, 75}},
		{"bilinear keeps", Bilinear, []byte{1, 2, 255}, []byte{1, 2, 255}},
		{"bilinear enlarges", Bilinear, []byte{0, 100}, []byte{0, 25, 75, 100}},
	} {
		if got := row(c.filter, len(c.want), c.in...); string(got) != string(c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestOddSizes(t *testing.T) {
	for _, f := range []Filter{Area, Bilinear} {
		for _, s := range [][4]int{{1, 1, 7, 5}, {128, 128, 641, 479}, {5, 9, 1, 1}, {3, 100, 100, 3}} {
			src, dst := make([]byte, 3*s[2]*s[3]), make([]byte, 3*s[0]*s[1])
			for i := range src {
				src[i] = 200
			}
			f(dst, s[0], s[1], src, s[2], s[3])
			for i, v := range dst {
				if v != 200 {
					t.Fatalf("%v: value %d is %d", s, i, v)
				}
			}
		}
	}
}
