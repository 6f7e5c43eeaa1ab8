package node

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

const (
	// unpackedFolder holds the archive's content in the sandbox once it is complete.
	unpackedFolder = "cockroachdb-node.unpacked"
	// completeFile in it says which archive it came from.
	completeFile = ".complete.json"
	// versionTimeout limits `cockroach version`, which takes 50 ms on an idle machine and long on an overloaded one.
	versionTimeout = time.Minute
)

// origin tells one fetched archive from another.
type origin struct {
	Archive  string `json:"archive"`
	Bytes    int64  `json:"bytes"`
	Modified string `json:"modified"`
	SHA256   string `json:"sha256,omitempty"`
}

// Program is the part of a task's settings that says which database it runs and where that comes from.
type Program struct {
	Version cockroach.Version
	// Archive and Dir are as in Settings, SHA256 too.
	Archive, Dir, SHA256 string
}

// Prepare unpacks the fetched archive in the sandbox dir, unless that is done already, and sees to it that it holds the
// right version. It returns the path of the database's program; the error is a *Fault.
func (p Program) Prepare(ctx context.Context, dir string, environ []string, journal *Journal) (string, error) {
	binary, err := prepareBinary(ctx, dir, p, journal)
	if err != nil {
		return "", err
	}
	return binary, checkVersion(ctx, binary, p.Version, environ)
}

// prepareBinary makes the database's program out of what was fetched into the sandbox dir, and returns its path. The sum is
// checked before anything is unpacked; an archive that was unpacked completely before is not unpacked again.
func prepareBinary(ctx context.Context, dir string, s Program, journal *Journal) (string, error) {
	archive := filepath.Join(dir, s.Archive)
	fault := func(problem string, err error, remedy string) (string, error) {
		return "", &Fault{Code: tasks.ExitArchive, Problem: problem, Err: err, Remedy: remedy}
	}
	info, err := os.Stat(archive)
	if err != nil {
		return fault("the archive of the database is not in the sandbox", err, "See the task's stderr for what the fetcher says, and check COCKROACH_URI")
	}
	if !info.Mode().IsRegular() {
		return fault(fmt.Sprintf("%s is no file", s.Archive), nil, "The archive must be fetched without unpacking it")
	}
	from := origin{s.Archive, info.Size(), info.ModTime().UTC().Format(time.RFC3339Nano), s.SHA256}
	target := filepath.Join(dir, unpackedFolder)
	if unpackedFrom(target) == from {
		journal.Say("%s is unpacked already", s.Archive)
		return findBinary(target, s)
	}
	if s.SHA256 != "" {
		sum, err := sumOf(ctx, archive)
		if err != nil {
			return fault("cannot read "+s.Archive, err, "")
		}
		if sum != s.SHA256 {
			return fault(fmt.Sprintf("%s has the SHA-256 sum %s, and %s was asked for", s.Archive, sum, s.SHA256), nil,
				"Nothing of it was run. Check COCKROACH_URI and COCKROACH_SHA256")
		}
	}
	began := time.Now()
	if err := unpack(ctx, archive, target, from); err != nil {
		return fault("cannot unpack "+s.Archive, err, "Check that COCKROACH_URI leads to a published archive of CockroachDB and that the sandbox has space")
	}
	journal.Say("unpacked %s in %.1f s", s.Archive, time.Since(began).Seconds())
	return findBinary(target, s)
}

func unpackedFrom(target string) origin {
	var from origin
	if err := readJSON(filepath.Join(target, completeFile), &from); err != nil {
		return origin{}
	}
	return from
}

// unpack extracts beside target and renames, so that target is complete whenever it exists with its completeFile.
func unpack(ctx context.Context, archive, target string, from origin) error {
	partial := target + ".partial"
	if err := errors.Join(os.RemoveAll(partial), os.RemoveAll(target)); err != nil {
		return err
	}
	if err := os.Mkdir(partial, 0o755); err != nil {
		return err
	}
	if err := extract(ctx, archive, partial, cockroach.BinaryName); err != nil {
		return err
	}
	if err := writeJSON(filepath.Join(partial, completeFile), from); err != nil {
		return err
	}
	return os.Rename(partial, target)
}

func sumOf(ctx context.Context, path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	hash := sha256.New()
	if _, err := io.Copy(hash, &cancelReader{ctx, file}); err != nil {
		return "", err
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}

// findBinary looks for the database in the unpacked folder: in the folder the settings name, else anywhere, the one nearest
// to the top first.
func findBinary(target string, s Program) (string, error) {
	var found, seen []string
	err := filepath.WalkDir(target, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || entry.Name() == completeFile {
			return err
		}
		relative, _ := filepath.Rel(target, path) // path is below target
		seen = append(seen, relative)
		if entry.Name() == cockroach.BinaryName && entry.Type().IsRegular() && (s.Dir == "" || filepath.Dir(relative) == s.Dir) {
			found = append(found, path)
		}
		return nil
	})
	if err != nil {
		return "", &Fault{Code: tasks.ExitArchive, Problem: "cannot look through " + s.Archive, Err: err}
	}
	if len(found) == 0 {
		where := s.Archive
		if s.Dir != "" {
			where += ", folder " + s.Dir
		}
		return "", &Fault{Code: tasks.ExitArchive,
			Problem: fmt.Sprintf("there is no program %q in %s; it holds %s", cockroach.BinaryName, where, listed(seen)),
			Remedy:  "Check COCKROACH_URI, and COCKROACH_DIR if it is set"}
	}
	best := slices.MinFunc(found, func(a, b string) int { return strings.Count(a, "/") - strings.Count(b, "/") })
	if err := os.Chmod(best, 0o755); err != nil {
		return "", &Fault{Code: tasks.ExitArchive, Problem: "cannot make the database executable", Err: err}
	}
	return best, nil
}

// listed shows the first few names of an archive.
func listed(names []string) string {
	switch {
	case len(names) == 0:
		return "no file at all"
	case len(names) > 5:
		return fmt.Sprintf("%s and %d more", strings.Join(names[:5], ", "), len(names)-5)
	}
	return strings.Join(names, ", ")
}

// checkVersion runs `cockroach version` and compares its build tag with the version asked for.
func checkVersion(ctx context.Context, binary string, want cockroach.Version, environ []string) error {
	ctx, cancel := context.WithTimeout(ctx, versionTimeout)
	defer cancel()
	output, err := runVersion(ctx, binary, environ)
	// What was just written counts as open for writing for as long as any child that was on its way then has not begun.
	for errors.Is(err, syscall.ETXTBSY) && sleep(ctx, 10*time.Millisecond) {
		output, err = runVersion(ctx, binary, environ)
	}
	if err != nil {
		problem := "the database's program does not run on this agent"
		if exit := (*exec.ExitError)(nil); errors.As(err, &exit) && len(exit.Stderr) > 0 {
			problem += ", it says: " + lastLine(string(exit.Stderr))
		}
		return &Fault{Code: tasks.ExitVersion, Problem: problem, Err: err,
			Remedy: "It needs Linux on amd64 with glibc; check that the archive is one for linux-amd64"}
	}
	got, err := cockroach.ParseBuildTag(string(output))
	if err != nil {
		return &Fault{Code: tasks.ExitVersion, Problem: "cannot tell the version of the fetched database", Err: err,
			Remedy: "Use a published release, and check COCKROACH_URI"}
	}
	if got != want {
		return &Fault{Code: tasks.ExitVersion, Problem: fmt.Sprintf("the fetched database is %s, and this task is to run %s", got, want),
			Remedy: "Make COCKROACH_URI and COCKROACH_VERSION name the same release"}
	}
	return nil
}

func runVersion(ctx context.Context, binary string, environ []string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, binary, cockroach.VersionCommand()...)
	cmd.Env = cockroach.Environment(environ)
	cmd.Dir = filepath.Dir(binary)
	cmd.WaitDelay = time.Second
	return cmd.Output()
}
