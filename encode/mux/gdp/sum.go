package gdp

// The checksums are CRC-16 of CCITT: polynomial 0x1021, begun with ones, inverted.
const (
	polynomial = 0x1021
	ones       = 0xffff
)

// table holds the remainder of each byte, followed by none to seven zero bytes, so that
// eight bytes are taken at once.
var table = func() (t [8][256]uint16) {
	for i := range t[0] {
		r := uint16(i) << 8
		for range 8 {
			top := r & 0x8000
			r <<= 1
			if top != 0 {
				r ^= polynomial
			}
		}
		t[0][i] = r
	}
	for n := 1; n < len(t); n++ {
		for i, r := range t[n-1] {
			t[n][i] = r<<8 ^ t[0][r>>8]
		}
	}
	return t
}()

// Sum is the checksum of b.
func Sum(b []byte) uint16 { return Checksum(0).Add(b).Value() }

// Checksum is one of bytes that come in pieces. The zero value is of none.
type Checksum uint16

// Add gives the checksum with further bytes.
func (c Checksum) Add(b []byte) Checksum {
	r := uint16(c) ^ ones // so that the zero value begins with ones
	for ; len(b) >= 8; b = b[8:] {
		r = table[7][b[0]^byte(r>>8)] ^ table[6][b[1]^byte(r)] ^ table[5][b[2]] ^ table[4][b[3]] ^
			table[3][b[4]] ^ table[2][b[5]] ^ table[1][b[6]] ^ table[0][b[7]]
	}
	for _, x := range b {
		r = r<<8 ^ table[0][byte(r>>8)^x]
	}
	return Checksum(r ^ ones)
}

// Value is what the protocol writes.
func (c Checksum) Value() uint16 { return uint16(c) }
