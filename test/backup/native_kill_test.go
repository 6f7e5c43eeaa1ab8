package backup

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/s3"
)

// TestAKilledNativeJobIsKnownToTheNext kills the helper while the database works for it. A backup is cancelled and made anew; a
// restore that the database finished meanwhile is counted; one of somebody else is left alone.
func TestAKilledNativeJobIsKnownToTheNext(t *testing.T) {
	for _, tag := range []string{"v21.1.21", "v24.1.6"} {
		t.Run(tag, func(t *testing.T) {
			t.Parallel()
			s := &service{t: t, db: start(t, tag, "STANDIN_BULK_RATE=2000000"), store: s3.Start(t, s3.Options{}), dir: t.TempDir(), desk: newDesk(t)}
			s.bucket = s.store.Bucket()
			if err := os.Symlink(program(t, tag), filepath.Join(s.dir, "db.bin")); err != nil {
				t.Fatal(err)
			}
			s.db.rows("30000")
			before := s.db.all()
			count := func(status string) int {
				return strings.Count(s.db.sql("SELECT status FROM [SHOW JOBS]"), status+"\n")
			}
			s.start(tasks.JobBackup, s.params())
			s.db.until("the database backs up", func() bool { return count("running") > 0 || s.over() })
			_ = s.cmd.Process.Kill()
			_ = s.cmd.Wait()
			s.good(s.run(tasks.JobBackup, s.params()))
			manifests := 0
			for _, key := range s.store.Objects(s.bucket) {
				if strings.HasSuffix(key, "/BACKUP_MANIFEST") {
					manifests++
				}
				if strings.HasSuffix(key, ".running.json") {
					t.Errorf("%s is left", key)
				}
			}
			if count("canceled") != 1 || manifests != 1 || !strings.Contains(s.out.String(), "still at an earlier job's work") {
				t.Errorf("%d full backups, output\n%s\n%s", manifests, s.out.String(), s.db.sql("SELECT * FROM [SHOW JOBS]"))
			}
			objects := s.store.Objects(s.bucket)

			s.db.sql("DROP DATABASE shop CASCADE")
			s.start(tasks.JobRestore, s.params())
			s.db.until("the database restores", func() bool { return count("running") > 0 || s.over() })
			_ = s.cmd.Process.Kill()
			_ = s.cmd.Wait()
			s.db.until("it finished", func() bool { return count("running") == 0 })
			s.good(s.run(tasks.JobRestore, s.params()))
			if s.db.all() != before || !strings.Contains(s.out.String(), "it is counted now") || !slices.Equal(s.store.Objects(s.bucket), objects) {
				t.Errorf("the restored database, or %v:\n%s", s.store.Objects(s.bucket), s.out.String())
			}

			s.db.sql("DROP DATABASE shop CASCADE")
			collection := strings.Replace(uri(s.store, s.bucket), "/backups/one/", "/cockroach-backups/one/", 1)
			sub := s.db.last("SHOW BACKUPS IN '" + collection + "'")
			s.db.sql("RESTORE DATABASE shop FROM '" + sub + "' IN '" + collection + "' WITH detached")
			if end := s.run(tasks.JobRestore, s.params()); end.State != tasks.JobFailed || !strings.Contains(end.Problem, "that this service did not start") || !strings.Contains(end.Remedy, "CANCEL JOB") {
				t.Errorf("a restore beside one by hand ended as %+v", end)
			}
			s.db.until("the one by hand finished", func() bool { return count("running") == 0 })
			if s.db.all() != before {
				t.Error("the restore by hand was disturbed")
			}
		})
	}
}
