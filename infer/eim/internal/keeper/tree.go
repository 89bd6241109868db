package keeper

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
)

// stat is what the kernel tells of a process.
type stat struct {
	pid, parent, session int
	state                byte
}

// processes lists those that the caller wants.
func processes(want func(stat) bool) []stat {
	dir, err := os.Open("/proc")
	if err != nil {
		return nil
	}
	defer dir.Close()
	names, err := dir.Readdirnames(-1)
	if err != nil {
		return nil
	}
	var found []stat
	for _, name := range names {
		pid, err := strconv.Atoi(name)
		if err != nil {
			continue
		}
		if s, ok := readStat(pid); ok && want(s) {
			found = append(found, s)
		}
	}
	return found
}

// readStat reads /proc/PID/stat: the number, the name in brackets, which may
// hold anything, then the state, the parent, the group and the session.
func readStat(pid int) (stat, bool) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return stat{}, false
	}
	fields := bytes.Fields(b[bytes.LastIndexByte(b, ')')+1:])
	if len(fields) < 4 {
		return stat{}, false
	}
	s := stat{pid: pid, state: fields[0][0]}
	var err1, err2 error
	s.parent, err1 = strconv.Atoi(string(fields[1]))
	s.session, err2 = strconv.Atoi(string(fields[3]))
	return s, err1 == nil && err2 == nil
}

// below lists the living processes under a process.
func below(top int) []int {
	children := map[int][]int{}
	for _, p := range processes(func(s stat) bool { return s.state != 'Z' }) {
		children[p.parent] = append(children[p.parent], p.pid)
	}
	var all []int
	for next := children[top]; len(next) > 0; {
		pid := next[0]
		all = append(all, pid)
		next = append(next[1:], children[pid]...)
	}
	return all
}
