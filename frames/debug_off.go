//go:build !race && !eidebug

package frames

const debugging = false

type trace struct{}

func newTrace() trace { return trace{} }

func (trace) String() string { return "\t(build with -tags eidebug to see who took it)\n" }

func poisonBytes([]byte) {}
