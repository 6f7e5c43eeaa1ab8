//go:build !linux

package certs

import "errors"

// inMemory says that there is none. Systems other than Linux serve for development alone.
func inMemory(string) error { return errors.New("only Linux has it") }
