package e2e

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// adoptOrphans makes this process the parent of descendants that lose their own (prctl(2), PR_SET_CHILD_SUBREAPER), so
// that what is left behind is found at the end, wherever it came from.
func adoptOrphans() error {
	const setChildSubreaper = 36
	if _, _, errno := syscall.RawSyscall(syscall.SYS_PRCTL, setChildSubreaper, 1, 0); errno != 0 {
		return fmt.Errorf("become the parent of orphans: %w", errno)
	}
	return nil
}

// lingering is how long a process may take to go away after its test has ended.
const lingering = 5 * time.Second

// stragglers kills what is left of this process's descendants, and says what it was.
func stragglers() []string {
	var left []string
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(lingering); ; <-tick.C {
		found := descendants(os.Getpid())
		if len(found) == 0 {
			return nil
		}
		if time.Now().Before(deadline) {
			continue
		}
		for _, pid := range found {
			left = append(left, fmt.Sprintf("process %d: %s", pid, commandLine(pid)))
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
		return left
	}
}

// descendants are the living processes below root, from proc(5).
func descendants(root int) []int {
	children := map[int][]int{}
	for _, pid := range everyProcess() {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil {
			continue // ended meanwhile
		}
		// The name is in parentheses and may hold anything; state and parent follow the last one.
		fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
		if parent, err := strconv.Atoi(string(fields[1])); err == nil && string(fields[0]) != "Z" {
			children[parent] = append(children[parent], pid)
		}
	}
	found := children[root]
	for i := 0; i < len(found); i++ {
		found = append(found, children[found[i]]...)
	}
	return found
}

func everyProcess() []int {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil
	}
	var pids []int
	for _, entry := range entries {
		if pid, err := strconv.Atoi(entry.Name()); err == nil {
			pids = append(pids, pid)
		}
	}
	return pids
}

// commandLine is empty for a process that has ended.
func commandLine(pid int) string {
	line, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(strings.ReplaceAll(string(line), "\x00", " "))
}
