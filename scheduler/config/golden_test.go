package config

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write the golden files anew")

// today is the day of all tests: releases before v22.2 are off the vendor's site, v22.2 goes within half a year.
var today = time.Date(2026, time.November, 22, 0, 0, 0, 0, time.UTC)

// golden holds what a test made against a file.
func golden(t *testing.T, file string, got []byte) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; run go test -update and look at the difference. Got:\n%s", file, got)
	}
}

// settingsOf parses an environment that must have no faults.
func settingsOf(t *testing.T, environ ...string) Settings {
	t.Helper()
	parsed := Parse(append([]string{"PORT_API=8090"}, environ...), today)
	for _, fault := range parsed.Faults {
		t.Errorf("%v: unexpected fault: %v", environ, fault)
	}
	return parsed.Settings
}
