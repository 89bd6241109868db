// Package cmem reads and makes what C libraries that are opened at run time give and
// take: addresses as numbers, and strings that end with a zero.
//
//	name := cmem.String("default") // held by the caller during the call
//	result := open(uintptr(unsafe.Pointer(name)))
//	said := cmem.Text(result)
//
// There is nothing here that allocates in C or frees there.
package cmem
