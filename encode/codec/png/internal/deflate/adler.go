package deflate

import "encoding/binary"

// adler32 goes on with a checksum (RFC 1950, 9), eight bytes at a time: bytes at even
// and odd places lie in lanes of 16 bits, and a multiplication adds lanes up by weight.
func adler32(sum uint32, data []byte) uint32 {
	const (
		modulus = 65521
		most    = 5552 // bytes until the sums could overflow 32 bits
		lanes   = 0x00FF00FF00FF00FF
		ones    = 0x0001000100010001
		even    = 0x0008000600040002 // the lowest lane, which is first, has the weight in the highest
		odd     = 0x0007000500030001
	)
	a, b := uint64(sum&0xFFFF), uint64(sum>>16)
	for len(data) > 0 {
		part := data[:min(len(data), most)]
		data = data[len(part):]
		for len(part) >= 8 {
			v := binary.LittleEndian.Uint64(part)
			first, second := v&lanes, v>>8&lanes
			b += 8*a + (first*even+second*odd)>>48
			a += (first + second) * ones >> 48
			part = part[8:]
		}
		for _, v := range part {
			a += uint64(v)
			b += a
		}
		a %= modulus
		b %= modulus
	}
	return uint32(b<<16 | a)
}
