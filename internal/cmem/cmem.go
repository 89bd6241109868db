package cmem

import "unsafe"

// At is the memory at an address that a library gave.
func At(address uintptr) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&address)) }

// Text copies a C string; it is empty if there is none at address 0.
func Text(address uintptr) string {
	if address == 0 {
		return ""
	}
	p, n := (*byte)(At(address)), 0
	for *(*byte)(unsafe.Add(unsafe.Pointer(p), n)) != 0 {
		n++
	}
	return string(unsafe.Slice(p, n))
}

// String is s with the zero that C wants at its end. The caller keeps it alive.
func String(s string) *byte { return &append([]byte(s), 0)[0] }
