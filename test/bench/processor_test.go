package bench

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"
)

// clockTick is the unit of times in /proc/<pid>/stat, USER_HZ, which is 100 a second on every Linux that Go runs on.
const clockTick = 10 * time.Millisecond

// processorTime is what a process has used of the processors, in its own code and in the kernel's (proc(5): utime, stime).
func processorTime(t *testing.T, pid int) time.Duration {
	t.Helper()
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		t.Fatalf("read the time of process %d: %v", pid, err)
	}
	used, err := statTime(string(data))
	if err != nil {
		t.Fatalf("read the time of process %d: %v", pid, err)
	}
	return used
}

// threadTime is what the calling thread has used of the processors, to the nanosecond (clock_gettime(2); getrusage counts
// in ticks of the kernel).
func threadTime() time.Duration {
	const clockThreadTime = 3 // CLOCK_THREAD_CPUTIME_ID
	var used syscall.Timespec
	if _, _, err := syscall.Syscall(syscall.SYS_CLOCK_GETTIME, clockThreadTime, uintptr(unsafe.Pointer(&used)), 0); err != 0 {
		panic(err) // every Linux has this clock
	}
	return time.Duration(used.Nano())
}

func statTime(stat string) (time.Duration, error) {
	// The name in parentheses may hold blanks; utime and stime are the 12th and 13th field behind it.
	fields := strings.Fields(stat[strings.LastIndexByte(stat, ')')+1:])
	if len(fields) < 13 {
		return 0, fmt.Errorf("%d fields behind the name", len(fields))
	}
	var used time.Duration
	for _, field := range fields[11:13] {
		ticks, err := strconv.Atoi(field)
		if err != nil {
			return 0, err
		}
		used += time.Duration(ticks) * clockTick
	}
	return used, nil
}

func TestProcessorTimeIsReadFromTheKernelsStat(t *testing.T) {
	stat := "42 (a (b) c) S 1 42 42 0 -1 4194304 100 0 0 0 150 50 7 8 20 0 5 0 1000"
	if got, err := statTime(stat); err != nil || got != 2*time.Second {
		t.Errorf("got %s, %v; want 2s", got, err)
	}
	if got, err := statTime("42 (x) S 1"); err == nil {
		t.Errorf("got %s, want an error", got)
	}
}
