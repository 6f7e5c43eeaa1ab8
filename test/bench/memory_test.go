package bench

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// megabytes reads a line of /proc/<pid>/status that is given in kB (proc(5)): VmHWM, the peak, or VmRSS, what is
// resident now.
func megabytes(t *testing.T, pid int, field string) float64 {
	t.Helper()
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatalf("read the memory of process %d: %v", pid, err)
	}
	kilobytes, err := statusLine(string(data), field)
	if err != nil {
		t.Fatalf("read the memory of process %d: %v", pid, err)
	}
	return kilobytes * 1024 / 1e6
}

func statusLine(status, field string) (kilobytes float64, err error) {
	for line := range strings.Lines(status) {
		name, rest, _ := strings.Cut(line, ":")
		if name != field {
			continue
		}
		amount, unit, _ := strings.Cut(strings.TrimSpace(rest), " ")
		if unit != "kB" {
			return 0, fmt.Errorf("%s is in %q, not in kB", field, unit)
		}
		return strconv.ParseFloat(amount, 64)
	}
	return 0, fmt.Errorf("no line %s", field)
}

// child finds the process that another one started from this file.
func child(t *testing.T, parent int, file string) int {
	t.Helper()
	entries, err := filepath.Glob("/proc/[0-9]*/status")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		data, err := os.ReadFile(entry)
		if err != nil || !strings.Contains(string(data), fmt.Sprintf("\nPPid:\t%d\n", parent)) {
			continue // it ended meanwhile, or is somebody else's
		}
		if exe, err := os.Readlink(filepath.Join(filepath.Dir(entry), "exe")); err == nil && exe == file {
			pid, err := strconv.Atoi(filepath.Base(filepath.Dir(entry)))
			if err != nil {
				t.Fatal(err)
			}
			return pid
		}
	}
	t.Fatalf("process %d has no child that runs %s", parent, file)
	return 0
}

func TestMemoryIsReadFromTheKernelsStatus(t *testing.T) {
	status := "Name:\tx\nVmPeak:\t  9000 kB\nVmHWM:\t   4096 kB\nThreads:\t7\n"
	if got, err := statusLine(status, "VmHWM"); err != nil || got != 4096 {
		t.Errorf("got %v, %v; want 4096", got, err)
	}
	for _, field := range []string{"Threads", "VmRSS", "Vm"} {
		if got, err := statusLine(status, field); err == nil {
			t.Errorf("%s: got %v, want an error", field, got)
		}
	}
	if own := megabytes(t, os.Getpid(), "VmRSS"); own < 1 || own > 10_000 {
		t.Errorf("this process takes %v MB", own)
	}
}
