package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// sandbox is the folder that Mesos runs a task in, and places its secrets and certificates in.
func sandbox(environ []string) string {
	folder := ""
	for _, line := range environ {
		if value, ok := strings.CutPrefix(line, "MESOS_SANDBOX="); ok {
			folder = value
		}
	}
	return folder
}

// files reads what settings name: a relative path counts from the working directory, then from the sandbox, because an
// image may work elsewhere.
type files struct {
	sandbox string
	known   map[string][]byte
}

func filesOf(environ []string) *files {
	return &files{sandbox: sandbox(environ), known: map[string][]byte{}}
}

// read remembers what it read. It is not for several goroutines.
func (f *files) read(path string) ([]byte, error) {
	text, err := f.fresh(path)
	if err == nil {
		f.known[path] = text
	}
	return text, err
}

// fresh reads without remembering, from any goroutine.
func (f *files) fresh(path string) ([]byte, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) && !filepath.IsAbs(path) && f.sandbox != "" {
		text, err = os.ReadFile(filepath.Join(f.sandbox, path))
	}
	return text, err
}

// again gives what was read before, and opens nothing: for questions of people who may not read our files.
func (f *files) again(path string) ([]byte, error) {
	if text, ok := f.known[path]; ok {
		return text, nil
	}
	return nil, errors.New("only files that this scheduler was started with can be compared")
}
