package norace

import (
	"debug/buildinfo"
	"testing"
)

func TestSelfHasNoRaceDetector(t *testing.T) {
	path, err := Self(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	info, err := buildinfo.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, setting := range info.Settings {
		if setting.Key == "-race" && setting.Value == "true" {
			t.Errorf("%s has the race detector", path)
		}
	}
	if want := "github.com/dcos-cockroachdb/dcos-cockroachdb/test/norace.test"; info.Path != want {
		t.Errorf("%s is %s, want %s", path, info.Path, want)
	}
}
