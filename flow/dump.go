package flow

import (
	"fmt"
	"io"
)

// dump writes bytes as gst-launch does for dump=true: offset, sixteen bytes in
// hexadecimal, and as text.
func dump(w io.Writer, data []byte) error {
	const row = 16
	for at := 0; at < len(data); at += row {
		part := data[at:min(at+row, len(data))]
		text := make([]byte, len(part))
		for i, b := range part {
			text[i] = '.'
			if b >= ' ' && b <= '~' {
				text[i] = b
			}
		}
		if _, err := fmt.Fprintf(w, "%08x: % -48x %-16s\n", at, part, text); err != nil {
			return fmt.Errorf("dump: %w: set dump=false or give standard output a place to go", err)
		}
	}
	return nil
}
