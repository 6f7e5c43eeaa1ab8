package job

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/backup"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/node/s3"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

const folder = "cockroach-backups/20261122T140501Z/"

func TestABackupIsStreamedCountedAndSealed(t *testing.T) {
	for _, pack := range []backup.Compression{backup.Plain, backup.Gzip, backup.Zstd} {
		t.Run(string(pack), func(t *testing.T) {
			b := newBench(t, tasks.JobBackup)
			b.params.Compress = string(pack)
			// An upload that a killed job left goes first.
			if err := os.WriteFile(filepath.Join(b.store.uploads, strings.ReplaceAll(folder+"shop.sql.gz", "/", "!")), nil, 0o644); err != nil {
				t.Fatal(err)
			}
			r := b.succeeded(b.run())
			key := folder + "shop.sql" + pack.Suffix()
			b.objects(folder+"shop.manifest.json", key)
			in, got, err := unpacker(strings.NewReader(readAll(filepath.Join(b.store.objects, key))))
			if err != nil || got != pack {
				t.Fatalf("packed as %q: %v", got, err)
			}
			var text bytes.Buffer
			if _, err := text.ReadFrom(in); err != nil || text.String() != shopDump {
				t.Errorf("the object holds %q (%v)", text.String(), err)
			}
			m, err := backup.ParseManifest([]byte(readAll(filepath.Join(b.store.objects, folder+"shop.manifest.json"))))
			if err != nil || m.Rows != 3 || len(m.Tables) != 3 || m.Bytes != int64(len(shopDump)) || m.Tool != "test" || m.Job != "job-1" || m.Service != "crdb" {
				t.Errorf("manifest %+v: %v", m, err)
			}
			if r.Tables != 2 || r.Rows != 3 || r.SHA256 != m.SHA256 || r.Location != "s3://backups/"+key || r.Stored != m.Stored || r.Version != "v20.1.5" ||
				!r.Snapshot.Equal(time.Date(2026, 11, 22, 14, 5, 1, 5e8, time.UTC)) {
				t.Errorf("result %+v", r)
			}
			b.says(strings.Join(r.Notes, " "), "1 unfinished uploads")
			b.says(b.out.String(), "checking the bucket", "dumping", "writing the manifest")
		})
	}
}

// TestNoObjectOfABackupThatIsNotWhole goes through what a dump does wrong, most of it with exit code 0.
func TestNoObjectOfABackupThatIsNotWhole(t *testing.T) {
	for name, c := range map[string]struct {
		edit func(*bench)
		says []string
	}{
		"no such database":   {func(b *bench) { b.params.Database = "shpo" }, []string{`no database "shpo"`, `did you mean "shop"?`}},
		"capitals":           {func(b *bench) { b.params.Database = "Shop" }, []string{`write "shop": capitals count`}},
		"a table is missing": {func(b *bench) { b.db.Dump = strings.Replace(shopDump, "CREATE TABLE empty", "CREATE TABLE other", 1) }, []string{"table empty is in the database and not in the dump", "table other is in the dump"}},
		"rows are missing":   {func(b *bench) { b.db.Dump = strings.Replace(shopDump, ",\n\t(2, e'b;\\nc')", "", 1) }, []string{"table orders has 3 rows in the database and 2 in the dump"}},
		"empty output":       {func(b *bench) { b.db.Dump = "" }, []string{"table orders is in the database and not in the dump"}},
		"cut in a statement": {func(b *bench) { b.db.Dump = shopDump[:len(shopDump)-20] }, []string{"in the middle of a statement"}},
		"exit code":          {func(b *bench) { b.db.DumpExit, b.db.DumpStderr = 1, "ERROR: connection lost.\n\nunexpected EOF\n" }, []string{"exit code 1", "connection lost"}},
		"killed":             {func(b *bench) { b.db.DumpExit = 137 }, []string{"exit code 137"}},
		"columns of bits":    {func(b *bench) { b.db.Bits = []string{"public,orders,b,bit"} }, []string{`column "b" of table "orders" (bit) has 2 values`}},
		"another user":       {func(b *bench) { b.db.User = "clerk" }, []string{`"clerk"`, "may not see all tables"}},
		"unfinished restore": {func(b *bench) {
			b.db.Databases["shop"] = append(b.db.Databases["shop"], fakeTable{Name: markerTable, Kind: "BASE TABLE"})
		}, []string{"did not finish", markerTable}},
		"native on v20.1":  {func(b *bench) { b.params.Method = "native" }, []string{"v20.1.5", "licence", "--method dump"}},
		"dump on v22.1":    {func(b *bench) { b.params.Method, b.db.Version = "dump", "v22.1.0" }, []string{"v22.1.0", "--method native"}},
		"incremental dump": {func(b *bench) { b.params.Incremental = true }, []string{"a dump is always whole"}},
		"count fails": {func(b *bench) {
			b.db.FailOn, b.db.Failure = "SELECT count(*) AS n FROM \"shop\"", "user may not SELECT"
		}, []string{"cannot be counted", "user may not SELECT"}},
		"upload fails": {func(b *bench) {
			b.store.fail["upload"] = &s3.Error{Kind: s3.Throttled, Op: "write", Bucket: "backups", Problem: "the store asks to slow down", Remedy: "try again later"}
		}, []string{"slow down", "try again later"}},
		"complete fails": {func(b *bench) {
			b.store.fail["complete"] = &s3.Error{Kind: s3.Other, Op: "complete", Bucket: "backups", Problem: "the store refuses", Remedy: "ask it"}
		}, []string{"the store refuses"}},
		"wrong key": {func(b *bench) {
			b.store.fail["check"] = &s3.Error{Kind: s3.WrongKeys, Op: "check", Bucket: "backups", Problem: "the secret key does not belong to the access key " + testAccess, Remedy: "check --aws-secret-key"}
		}, []string{"--aws-secret-key"}},
		"not writable": {func(b *bench) {
			b.store.fail["put .check"] = &s3.Error{Kind: s3.Denied, Op: "write", Bucket: "backups", Problem: "the keys may not do this", Remedy: "allow it"}
		}, []string{"may not do this"}},
		"faulty parameters": {func(b *bench) { b.params.Bucket, b.params.Compress = "s3://x", "lzma" }, []string{"not the name of a bucket", "no such compression"}},
		"no node answers":   {func(b *bench) { b.db.FailOn, b.db.Failure, b.pace.connect = "version()", "no", 0 }, []string{"none of 1 nodes", "plan show deploy"}},
		"wrong archive":     {func(b *bench) { b.env["CRDB_SHA256"] = strings.Repeat("0", 64) }, []string{"SHA-256", "COCKROACH_URI"}},
		"an unknown kind":   {func(b *bench) { b.kind = "polish" }, []string{`"polish"`}},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, tasks.JobBackup)
			c.edit(b)
			b.failed(b.run(), c.says...)
			b.objects()
		})
	}
}

func TestABackupIsNeverReplaced(t *testing.T) {
	b := newBench(t, tasks.JobBackup)
	b.succeeded(b.run())
	b.failed(b.run(), "holds a backup", "--s3-backup-dir")
	_ = os.Remove(filepath.Join(b.store.objects, folder+"shop.manifest.json"))
	b.failed(b.run(), "unfinished or foreign")
}

func TestAnEmptyDatabaseIsBackedUp(t *testing.T) {
	b := newBench(t, tasks.JobBackup)
	b.db.Databases["shop"], b.db.Dump = nil, ""
	r := b.succeeded(b.run())
	b.says(strings.Join(r.Notes, " "), "has no tables")
	b.objects(folder+"shop.manifest.json", folder+"shop.sql.gz")
}

func TestAStoppedBackupLeavesNothing(t *testing.T) {
	b := newBench(t, tasks.JobBackup)
	b.db.DumpHangs = true
	b.stopWhen("dumping", syscall.SIGTERM)
	if end := b.run(); end.State != tasks.JobCancelled || !strings.Contains(end.Problem, "told to stop") {
		t.Errorf("it ended as %+v", end)
	}
	b.objects()
	b.says(b.out.String(), "nothing of it is left")
}

func TestAnAbortThatFailsIsTold(t *testing.T) {
	b := newBench(t, tasks.JobBackup)
	b.db.DumpHangs = true
	b.store.fail["abort"] = errors.New("no route")
	b.stopWhen("dumping", syscall.SIGTERM)
	end := b.run()
	b.says(end.Problem+end.Remedy, "could not be removed", "no route", "the next backup of this database removes it")
}

func TestASchedulerThatDoesNotWantTheJobEndsIt(t *testing.T) {
	for _, status := range []int{http.StatusGone, http.StatusForbidden} {
		b := newBench(t, tasks.JobBackup)
		b.db.DumpHangs = true
		b.scheduler = newFakeScheduler(t, tasks.Job{})
		b.scheduler.set(func(w http.ResponseWriter, path string) bool {
			if path == "collect" {
				return false
			}
			w.WriteHeader(status)
			_, _ = w.Write([]byte(`{"message":"the job was cancelled"}`))
			return true
		})
		if _, code := b.runCode(); code != tasks.ExitJobCancelled {
			t.Errorf("exit code %d:\n%s", code, b.out)
		}
		b.objects()
		b.says(b.out.String(), "the job was cancelled")
	}
}

func TestRetentionRemovesManifestsFirstAndNeverFailsABackup(t *testing.T) {
	b := newBench(t, tasks.JobBackup)
	b.by, b.params.KeepCount = tasks.BySchedule, 2
	for i, dir := range []string{"a", "b", "c"} {
		b.params.BackupDir = dir
		b.db.Now = fmt.Sprintf("2026-11-22 14:05:0%d+00:00", i)
		r := b.succeeded(b.run())
		if want := map[string]int{"a": 0, "b": 0, "c": 1}[dir]; len(r.Removed) != want {
			t.Errorf("%s removed %v", dir, r.Removed)
		}
	}
	if keys := strings.Join(b.store.keys(), " "); strings.Contains(keys, "backups/a/") || !strings.Contains(keys, "backups/b/shop.sql.gz") {
		t.Errorf("left: %s", keys)
	}
	b.params.BackupDir = "d"
	b.store.fail["list cockroach-backups/"] = errors.New("the list is closed")
	r := b.succeeded(b.run())
	b.says(strings.Join(r.Notes, " "), "were not removed", "the list is closed")
}

// TestRetentionNeverRemovesWhatWasJustMade, even where the clock of the database stands still.
func TestRetentionNeverRemovesWhatWasJustMade(t *testing.T) {
	b := newBench(t, tasks.JobBackup)
	b.by, b.params.KeepCount = tasks.BySchedule, 1
	for _, dir := range []string{"a", "b"} {
		b.params.BackupDir = dir
		b.succeeded(b.run())
	}
	if keys := strings.Join(b.store.keys(), " "); !strings.Contains(keys, "backups/b/shop.manifest.json") {
		t.Errorf("left: %s", keys)
	}
}
