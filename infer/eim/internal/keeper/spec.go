package keeper

import (
	"os"
	"syscall"

	"github.com/eiengine/eiengine/infer/eim/internal/confine"
)

// The names that the two other runs of this program are started under.
const (
	keeperName = "eiengine-keeper"
	shimName   = "eiengine-confine"
)

// controlFD is where both find their connection.
const controlFD = 3

func init() {
	if len(os.Args) == 0 {
		return
	}
	switch os.Args[0] {
	case keeperName:
		keep()
	case shimName:
		shim()
	}
}

// Spec says what to run.
type Spec struct {
	// Keeper is the program to run as keeper, this one if empty.
	Keeper string `json:"-"`

	Program string
	Args    []string
	Env     []string
	// Dirs are names for the folder of the program, of which the first that can
	// be made is. The program runs in it.
	Dirs []string
	// Policy confines the program, nil does not.
	Policy *confine.Policy
	// Strict fails if this kernel lacks a part of the policy.
	Strict bool
	// Memory bounds what the program and its processes use, in bytes; 0 does not.
	Memory int64
}

// message is one line from the keeper.
type message struct {
	// Started
	PID     int      `json:",omitempty"`
	Dir     string   `json:",omitempty"`
	Missing []string `json:",omitempty"`
	// Failed to start: an error, of the system if Errno is set.
	Failed string        `json:",omitempty"`
	Errno  syscall.Errno `json:",omitempty"`
	// Refused is what the program was not allowed.
	Refused string `json:",omitempty"`
	// Ended
	End *End `json:",omitempty"`
}

// End is how a program ended.
type End struct {
	// Code is the exit status, -1 after a signal.
	Code   int
	Signal syscall.Signal
	// Limit is the bound that it went over, empty if it did not.
	Limit string
	// Lost is why nothing is known of the program: its keeper was ended.
	Lost string
}
