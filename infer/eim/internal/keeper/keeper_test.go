package keeper

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func TestLooksMoreOftenTheLessRoomIsLeft(t *testing.T) {
	for room, want := range map[int64]time.Duration{
		64 << 30: longLook, 8 << 30: time.Second, 4 << 30: 500 * time.Millisecond, 1 << 30: 125 * time.Millisecond, 0: shortLook,
	} {
		if got := lookAfter(room); got != want {
			t.Errorf("%d bytes of room: %v, want %v", room, got, want)
		}
	}
}

func TestMemoryOfAProcess(t *testing.T) {
	if got := memoryOf(os.Getpid()); got < 1<<20 || got > 8<<30 {
		t.Errorf("this program has %d bytes", got)
	}
	if got := memoryOf(1 << 30); got != 0 {
		t.Errorf("no process has %d bytes", got)
	}
}

// TestStatOfAProgramWithAStrangeName: the name may hold what ends it.
func TestStatOfAProgramWithAStrangeName(t *testing.T) {
	sleep, err := exec.LookPath("sleep")
	if err != nil {
		t.Skip("skipped: there is no sleep")
	}
	strange := filepath.Join(t.TempDir(), ") Z 1 (")
	if err := os.Symlink(sleep, strange); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(strange, "1000")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // its error is the signal
	}()
	s, ok := readStat(cmd.Process.Pid)
	if !ok || s.parent != os.Getpid() || s.state == 'Z' {
		t.Errorf("%+v %v", s, ok)
	}
	if !slices.Contains(below(os.Getpid()), cmd.Process.Pid) {
		t.Error("it is not below this process")
	}
}

// TestLeftSharedMemory: what nobody holds goes, what somebody holds, what is old
// and what has another name stays.
func TestLeftSharedMemory(t *testing.T) {
	if _, err := os.Stat(sharedDir); err != nil {
		t.Skipf("skipped: %v", err)
	}
	unique := "shm-test-keeper-" + strconv.Itoa(os.Getpid())
	began := time.Now()
	make1 := func(name string) *os.File {
		f, err := os.OpenFile(filepath.Join(sharedDir, name), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { os.Remove(f.Name()) })
		if err := f.Truncate(4096); err != nil {
			t.Fatal(err)
		}
		return f
	}
	left, open, mapped, other := make1(unique+"-left"), make1(unique+"-open"), make1(unique+"-mapped"), make1("other-"+unique)
	mem, err := unix.Mmap(int(mapped.Fd()), 0, 4096, unix.PROT_READ, unix.MAP_SHARED)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range []*os.File{left, mapped, other} {
		f.Close()
	}
	removeLeftShared(time.Now().Add(time.Hour))
	if _, err := os.Stat(left.Name()); err != nil {
		t.Errorf("what is older than the program: %v", err)
	}
	removeLeftShared(began)
	for f, stays := range map[*os.File]bool{left: false, open: true, mapped: true, other: true} {
		if _, err := os.Stat(f.Name()); (err == nil) != stays {
			t.Errorf("%s: %v", f.Name(), err)
		}
	}
	if err := unix.Munmap(mem); err != nil {
		t.Error(err)
	}
	open.Close()
}
