package guard

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"
)

// reapPause is the wait between two looks for processes that were told to die but have not yet.
const reapPause = 2 * time.Millisecond

// An init function, not a call in main: see the package's documentation.
func init() {
	if len(os.Args) > 0 && os.Args[0] == Name {
		os.Exit(serve(os.Stdin, os.NewFile(resultFD, "result")))
	}
}

// serve is the life of a guard. It runs on the program's first thread (init functions do), so the parent-death signal that
// it sets on its child means the end of this process and not of some thread.
func serve(control io.Reader, result io.Writer) int {
	keepToOurselves()
	// Taken and thrown away, because an ignored signal would stay ignored in the command. Only the pipe ends a guard.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP, syscall.SIGQUIT)
	if err := becomeReaper(); err != nil {
		fmt.Fprintf(result, "%s cannot adopt orphans: %v\n", lineFailed, err)
		return 1
	}
	orders := bufio.NewReader(control)
	line, err := orders.ReadBytes('\n')
	if err != nil {
		return 1
	}
	var command Command
	if err := json.Unmarshal(line, &command); err != nil {
		fmt.Fprintf(result, "%s cannot read the command: %v\n", lineFailed, err)
		return 1
	}
	pid, err := start(command)
	if err != nil {
		fmt.Fprintf(result, "%s %v\n", lineFailed, err)
		return 1
	}
	fmt.Fprintf(result, "%s %d\n", lineStarted, pid)
	go obey(orders, pid)
	status := await(pid)
	killDescendants()
	fmt.Fprintf(result, "%s %d\n", lineExited, uint32(status))
	return 0
}

// keepToOurselves hides every open file but the three standard ones from the command: the line back to the program, and
// whatever the program itself was started with. A task that held the latter open could keep somebody's pipe from ending.
func keepToOurselves() {
	syscall.CloseOnExec(resultFD)
	files, _ := os.ReadDir("/proc/self/fd")
	for _, file := range files {
		if fd, err := strconv.Atoi(file.Name()); err == nil && fd > 2 {
			syscall.CloseOnExec(fd)
		}
	}
}

func start(command Command) (int, error) {
	null, err := os.Open(os.DevNull)
	if err != nil {
		return 0, err
	}
	defer null.Close()
	process := &os.ProcAttr{
		Dir:   command.Dir,
		Env:   command.Env,
		Files: []*os.File{null, os.Stdout, os.Stderr},
		Sys:   childAttributes(),
	}
	child, err := os.StartProcess(command.Path, command.Args, process)
	if err != nil {
		return 0, err
	}
	return child.Pid, nil
}

// obey does what the program says until it goes away; then everything goes.
func obey(orders *bufio.Reader, pid int) {
	for {
		line, err := orders.ReadString('\n')
		if err != nil {
			killDescendants()
			os.Exit(1)
		}
		switch line[:len(line)-1] {
		case lineTerm:
			_ = syscall.Kill(pid, syscall.SIGTERM)
		case lineTermTree:
			for _, descendant := range descendants(os.Getpid()) {
				_ = syscall.Kill(descendant, syscall.SIGTERM)
			}
		case lineKill:
			for _, descendant := range descendants(os.Getpid()) {
				_ = syscall.Kill(descendant, syscall.SIGKILL)
			}
		}
	}
}

// await reaps until the command itself has ended and returns its wait status.
func await(pid int) syscall.WaitStatus {
	for {
		var status syscall.WaitStatus
		reaped, err := syscall.Wait4(-1, &status, 0, nil)
		if err == syscall.EINTR {
			continue
		}
		if err != nil {
			return syscall.WaitStatus(syscall.SIGKILL) // no children left: another goroutine reaped it while killing
		}
		if reaped == pid {
			return status
		}
	}
}

// killDescendants returns when nothing that came from this guard is left.
func killDescendants() {
	for {
		for _, pid := range descendants(os.Getpid()) {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
		for {
			reaped, err := syscall.Wait4(-1, nil, syscall.WNOHANG, nil)
			if err == syscall.EINTR {
				continue
			}
			if err != nil {
				return // ECHILD: a subreaper without children has no descendants
			}
			if reaped == 0 {
				break
			}
		}
		time.Sleep(reapPause)
	}
}
