//go:build !linux || (!amd64 && !arm64) || nodlopen

package pcm

import "errors"

type library struct{}

func openLibrary() (*library, error) {
	return nil, errors.Join(ErrNoLibrary, errors.New("this program was built without opening libraries at run time"))
}

func (*library) call(function, ...uintptr) int { return -38 } // ENOSYS
func (*library) strerror(int) string           { return "not built in" }
func (*library) text(function, uintptr) string { return "" }
func (*library) hints() []hint                 { return nil }
func (*library) cardName(int) string           { return "" }
