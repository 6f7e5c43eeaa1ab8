package certs

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestEnrolTriesWithTheSameKeyUntilItIsAnswered(t *testing.T) {
	s, out := newFakeScheduler(t), &lines{}
	s.statuses = []int{503, 500, 409, 404, 429, 200} // the last one signs, and its answer is lost
	issued := s.enrolled(out)
	if len(s.requests) != 7 || slices.ContainsFunc(s.requests, func(r string) bool { return r != s.requests[0] }) {
		t.Errorf("%d requests, not all with one key", len(s.requests))
	}
	if issued.Serial == "" || !slices.Equal(issued.Trust, s.trustIDs()) || !issued.Covers(testName) || !issued.Covers("127.0.0.1") || issued.Covers("other.example") {
		t.Errorf("issued %v for %s", issued, issued.Names())
	}
	if text := out.String(); strings.Count(text, "trying on") != 6 || !strings.Contains(text, "it answers 503 (said 503)") {
		t.Errorf("said:\n%s", text)
	}
}

func TestEnrolSaysTheSameTroubleOnce(t *testing.T) {
	s, out := newFakeScheduler(t), &lines{}
	s.statuses = slices.Repeat([]int{503}, 20)
	s.enrolled(out)
	if n := strings.Count(out.String(), "WARNING"); n != 1 {
		t.Errorf("%d lines:\n%s", n, out)
	}
}

func TestEnrolIsRefused(t *testing.T) {
	for status, used := range map[int]bool{403: false, 410: true} {
		s := newFakeScheduler(t)
		s.statuses = []int{503, status}
		_, err := s.desk(&lines{}).Enrol(t.Context(), testToken)
		var refused *RefusedError
		if !errors.As(err, &refused) || refused.Used != used || !strings.Contains(err.Error(), fmt.Sprintf("said %d", status)) {
			t.Errorf("%d: %v", status, err)
		}
	}
	s := newFakeScheduler(t)
	s.statuses = []int{400}
	if _, err := s.desk(&lines{}).Enrol(t.Context(), testToken); err == nil || !strings.Contains(err.Error(), "said 400") {
		t.Errorf("400: %v", err)
	}
}

func TestEnrolEndsWithTheTask(t *testing.T) {
	s, out := newFakeScheduler(t), &lines{}
	desk := s.desk(out)
	desk.URL = "http://127.0.0.1:1"
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := desk.Enrol(ctx, testToken); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
	if n := strings.Count(out.String(), "WARNING"); n != 1 {
		t.Errorf("%d lines:\n%s", n, out)
	}
}

func TestInstalledFoldersAreWhatTheDatabaseTakes(t *testing.T) {
	defer syscall.Umask(syscall.Umask(0o777)) // whatever the umask is
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	s := newFakeScheduler(t)
	first := s.enrolled(&lines{})
	for range 2 { // the second time replaces
		if err := first.Install(dir); err != nil {
			t.Fatal(err)
		}
	}
	for folder, name := range map[string]string{NodeDir: "node", ClientDir: "client.root"} {
		info, err := os.Stat(filepath.Join(dir, folder))
		if err != nil || info.Mode().Perm() != 0o700 {
			t.Fatalf("%s: %v, %v", folder, info, err)
		}
		if _, err := tls.LoadX509KeyPair(filepath.Join(dir, folder, name+".crt"), filepath.Join(dir, folder, name+".key")); err != nil {
			t.Errorf("%s: %v", folder, err)
		}
		entries, _ := os.ReadDir(filepath.Join(dir, folder))
		var names []string
		for _, e := range entries {
			names = append(names, e.Name())
			if info, err := e.Info(); err != nil || info.Mode() != 0o600 {
				t.Errorf("%s/%s: %v, %v", folder, e.Name(), info.Mode(), err)
			}
		}
		if want := []string{"ca.crt", name + ".crt", name + ".key"}; !slices.Equal(names, want) {
			t.Errorf("%s has %q, want %q", folder, names, want)
		}
	}
	entries, _ := os.ReadDir(dir)
	if len(entries) != 4 { // two links, two folders: nothing of the former ones
		t.Errorf("the sandbox has %v", entries)
	}
}

// TestACrashLeavesTheFormerFolder stops a replacement at its last step: the name goes on to show the former set, whole.
func TestACrashLeavesTheFormerFolder(t *testing.T) {
	dir := t.TempDir()
	if err := replaceFolder(dir, NodeDir, []file{{"node.crt", []byte("1")}, {"node.key", []byte("1")}}); err != nil {
		t.Fatal(err)
	}
	// What a crash between the files and the link leaves.
	if err := os.MkdirAll(filepath.Join(dir, ".certs.half"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(".certs.half", filepath.Join(dir, ".certs.half.link")); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(filepath.Join(dir, NodeDir, "node.key")); err != nil || string(got) != "1" {
		t.Errorf("%q, %v", got, err)
	}
	// One that fails leaves nothing.
	if err := replaceFolder(dir, NodeDir, []file{{"node.crt", []byte("2")}, {"no/such/folder", nil}}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no error for a file that cannot be: %v", err)
	}
	if got, _ := os.ReadFile(filepath.Join(dir, NodeDir, "node.crt")); string(got) != "1" {
		t.Errorf("a failed replacement shows %q", got)
	}
	if err := replaceFolder(dir, NodeDir, []file{{"node.crt", []byte("3")}}); err != nil {
		t.Fatal(err)
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 2 {
		t.Errorf("left over: %v", entries)
	}
}
