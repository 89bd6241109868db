package main

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/eiengine/eiengine/internal/guest"
)

// TestGuestRecordRaw records the kernel's camera by the command; what it tells is the
// hash of what a replay gives.
func TestGuestRecordRaw(t *testing.T) {
	guest.Need(t)
	dir := t.TempDir()
	file, raw := filepath.Join(dir, "cam.gdp"), filepath.Join(dir, "raw")
	told := eiengineRun(t, "record-raw", "-o", file, "--frames", "15", "v4l2src", "device="+guest.Vivid(t, 0), "!", "video/x-raw,format=YUY2,width=320,height=180,framerate=30/1")
	eiengineRun(t, "launch", "-q", "filesrc", "location="+file, "!", "gdpdepay", "!", "filesink", "location="+raw)
	b, err := os.ReadFile(raw)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(b)
	if len(b) != 15*320*180*2 || !strings.Contains(told, "15 frames") || !strings.Contains(told, hex.EncodeToString(sum[:])) {
		t.Errorf("%d bytes of hash %x; it told:\n%s", len(b), sum, told)
	}
}

func TestRecordingsThatStallEnd(t *testing.T) {
	tap := newRecordTap("cam.gdp")
	if tap.overdue(time.Hour) {
		t.Error("a recording without a limit is overdue")
	}
	tap.lasts = 10 * time.Second
	tap.tally.first = 3 * time.Second
	if tap.overdue(13900 * time.Millisecond) {
		t.Error("overdue although frames may still be on their way")
	}
	if !tap.overdue(14001 * time.Millisecond) {
		t.Error("never overdue")
	}
}

func TestNumbersOfBytes(t *testing.T) {
	for n, want := range map[int64]string{0: "0 bytes", 999: "999 bytes", 1000: "1.0 kB", 6914576: "6.9 MB", 1 << 60: "1152921.5 TB"} {
		if got := byteText(n); got != want {
			t.Errorf("%d is %q, want %q", n, got, want)
		}
	}
}
