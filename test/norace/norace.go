package norace

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
)

// Self is the path of the running test program, or when that has the race detector, of one built from the same package without it,
// in dir, which the caller removes. It is for TestMain: the package is the one in the working directory.
func Self(dir string) (string, error) {
	if !raced() {
		return os.Executable()
	}
	path := filepath.Join(dir, "norace.test")
	build := exec.Command("go", "test", "-c", "-race=false", "-ldflags", "-s -w", "-o", path, ".")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the test program without the race detector: %w\n%s", err, out)
	}
	return path, nil
}

func raced() bool {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return false
	}
	for _, setting := range info.Settings {
		if setting.Key == "-race" {
			return setting.Value == "true"
		}
	}
	return false
}
