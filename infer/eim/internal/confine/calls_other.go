//go:build !amd64 && !arm64

package confine

// The filter is not known for this processor.
const (
	auditArch    = uint32(0)
	foreignCalls = uint32(0)
)

var calls []call
