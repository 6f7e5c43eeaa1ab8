package node

import (
	"fmt"
	"os"
	"path/filepath"
)

// FindSandbox finds the sandbox for a check. Mesos runs a command check as a container nested in the task's, and which folder
// that starts in depends on the agent: so, if none is given, the folder of this program counts when it holds the state file,
// then the current folder, then MESOS_SANDBOX. Without a state file anywhere it is the current folder.
func FindSandbox(given string) (string, error) {
	if given != "" {
		return filepath.Abs(given)
	}
	current, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("find the sandbox: %w", err)
	}
	candidates := []string{current, os.Getenv("MESOS_SANDBOX")}
	if program, err := os.Executable(); err == nil {
		candidates = append([]string{filepath.Dir(program)}, candidates...)
	}
	for _, dir := range candidates {
		if _, err := os.Stat(filepath.Join(dir, StateFile)); dir != "" && err == nil {
			return dir, nil
		}
	}
	return current, nil
}
