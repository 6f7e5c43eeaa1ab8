package job

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/backup"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/node/s3"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

var lost = &s3.Error{Kind: s3.Unreachable, Op: "complete", Bucket: "backups", Problem: "the connection was cut, at every try", Remedy: "look at the store"}

// times makes an operation on keys with a suffix fail so often, after doing something.
func times(n int, on, suffix string, failure error, do func(key string)) func(op, key string) error {
	return func(op, key string) error {
		if op != on || !strings.HasSuffix(key, suffix) || n == 0 {
			return nil
		}
		n--
		if do != nil {
			do(key)
		}
		return failure
	}
}

// TestABackupThatFailsAtItsLastStepsLeavesNoObject, which would look like a backup and keep the next one out of its folder.
func TestABackupThatFailsAtItsLastStepsLeavesNoObject(t *testing.T) {
	for name, c := range map[string]struct {
		edit func(*bench)
		says []string
	}{
		"no manifest":     {func(b *bench) { b.store.before = times(2, "put", ".json", errors.New("the store went away"), nil) }, []string{"manifest could not be written", "the store went away"}},
		"manifest unsaid": {func(b *bench) { b.store.after = times(2, "put", ".json", lost, nil) }, []string{"manifest could not be written", "cut, at every try"}},
		"object not seen": {func(b *bench) { b.store.before = times(2, "head", ".gz", lost, nil) }, []string{"could not be looked at", "cut, at every try"}},
		"another size": {func(b *bench) {
			b.store.after = times(1, "complete", ".gz", nil, func(key string) { _ = b.store.write(key, []byte("x")) })
		}, []string{"and says that", "has 1"}},
		"it never arrived": {func(b *bench) { b.store.fail["complete"] = lost }, []string{"cut, at every try"}},
		"arrived in part": {func(b *bench) {
			b.store.after = times(1, "complete", ".gz", lost, func(key string) { _ = b.store.write(key, []byte("x")) })
		}, []string{"cut, at every try"}},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, tasks.JobBackup)
			c.edit(b)
			end := b.run()
			if end.State != tasks.JobFailed {
				t.Fatalf("it ended as %+v", end)
			}
			b.says(end.Problem, c.says...)
			b.objects()
		})
	}
}

func TestTheManifestIsWrittenAtTheSecondTry(t *testing.T) {
	b := newBench(t, tasks.JobBackup)
	b.store.before = times(1, "put", ".json", errors.New("the store hiccups"), nil)
	b.succeeded(b.run())
	b.objects(folder+"shop.manifest.json", folder+"shop.sql.gz")
}

// TestALostAnswerToTheCompletionIsNoLostBackup: the object is there, and the checksum of what was sent is known.
func TestALostAnswerToTheCompletionIsNoLostBackup(t *testing.T) {
	b := newBench(t, tasks.JobBackup)
	b.store.after = times(1, "complete", ".gz", lost, nil)
	r := b.succeeded(b.run())
	b.objects(folder+"shop.manifest.json", folder+"shop.sql.gz")
	m, err := backup.ParseManifest([]byte(readAll(filepath.Join(b.store.objects, folder+"shop.manifest.json"))))
	if err != nil || m.SHA256 != r.SHA256 || m.Stored != r.Stored || m.Stored == 0 {
		t.Errorf("manifest %+v: %v", m, err)
	}
	b.kind = tasks.JobVerify
	b.succeeded(b.run())
}

// TestABackupStoppedAtItsLastStepsLeavesNothing, whether the store was just asked to complete the object or has the manifest already.
func TestABackupStoppedAtItsLastStepsLeavesNothing(t *testing.T) {
	for name, edit := range map[string]func(b *bench, stop func(string)){
		"completing":       func(b *bench, stop func(string)) { b.store.after = times(1, "complete", ".gz", context.Canceled, stop) },
		"looking":          func(b *bench, stop func(string)) { b.store.before = times(1, "head", ".gz", context.Canceled, stop) },
		"manifest":         func(b *bench, stop func(string)) { b.store.before = times(1, "put", ".json", context.Canceled, stop) },
		"manifest arrives": func(b *bench, stop func(string)) { b.store.after = times(1, "put", ".json", context.Canceled, stop) },
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, tasks.JobBackup)
			edit(b, func(string) {
				b.signals <- syscall.SIGTERM
				until(t, func() bool { return b.store.last.Err() != nil })
			})
			if end := b.run(); end.State != tasks.JobCancelled || !strings.Contains(end.Problem, "told to stop") {
				t.Errorf("it ended as %+v", end)
			}
			b.objects()
		})
	}
}

func TestWhatCouldNotBeRemovedIsTold(t *testing.T) {
	b := newBench(t, tasks.JobBackup)
	b.store.fail["put .json"], b.store.fail["delete"] = errors.New("the store went away"), errors.New("no deletions")
	end := b.run()
	b.failed(end, "manifest could not be written", "s3://backups/"+folder+"shop.sql.gz may be there", "no deletions", "can be deleted")
}

// TestTheNextBackupAbortsWhatAKilledOneLeft, in whatever folder and packed in whatever way, and nothing else.
func TestTheNextBackupAbortsWhatAKilledOneLeft(t *testing.T) {
	b := newBench(t, tasks.JobBackup)
	b.scheduler = newFakeScheduler(t, tasks.Job{})
	b.scheduler.leftovers = []string{"20261122T130501Z", "week/46", "../odd"}
	mine := []string{folder + "shop.sql.zst", "cockroach-backups/20261122T130501Z/shop.sql.gz", "cockroach-backups/week/46/shop.sql"}
	theirs := []string{folder + "shop.sqlite.sql", "cockroach-backups/20261122T130501Z/shop.sql.gz.sql", "cockroach-backups/20261122T120501Z/shop.sql.gz"}
	for _, key := range append(mine, theirs...) {
		if err := os.WriteFile(filepath.Join(b.store.uploads, strings.ReplaceAll(key, "/", "!")), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	b.store.fail["stale cockroach-backups/week/46/shop.sql.gz"] = errors.New("not allowed")
	r := b.succeeded(b.run())
	left := strings.Join(b.store.uploading(), " ")
	for _, key := range append(theirs, mine[2]) {
		b.says(left, key)
	}
	if strings.Contains(left, mine[0]) || len(b.store.uploading()) != 4 {
		t.Errorf("left: %s", left)
	}
	b.says(strings.Join(r.Notes, "\n"), "1 unfinished uploads of an earlier job", "in s3://backups/cockroach-backups/20261122T130501Z/", "week/46/, which could not be removed: not allowed")
}
