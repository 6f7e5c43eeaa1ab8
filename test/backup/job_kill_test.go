package backup

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/s3"
)

// TestABackupKilledAtAnyRequestIsWholeOrNone kills the helper with SIGKILL when the store has seen so many requests of it, from the
// first check to the manifest. What has a manifest afterwards can be restored; what has none is refused or done anew.
func TestABackupKilledAtAnyRequestIsWholeOrNone(t *testing.T) {
	s := newService(t, "v20.1.5", s3.Options{Proxy: true})
	s.db.rows("60000")
	whole := 0
	for kill := range 10 {
		params := s.params()
		params.Compress, params.BackupDir = "none", fmt.Sprintf("kill-%d", kill)
		before := len(s.store.Proxy.Requests())
		s.start(tasks.JobBackup, params)
		s.db.until("the store was asked", func() bool { return len(s.store.Proxy.Requests()) >= before+1+kill*13/10 || s.over() })
		_ = s.cmd.Process.Kill()
		_ = s.cmd.Wait()
		folder := "cockroach-backups/" + params.BackupDir + "/"
		objects := s.store.Objects(s.bucket)
		if slices.Contains(objects, folder+"shop.manifest.json") {
			whole++
			s.good(s.run(tasks.JobVerify, params))
			continue
		}
		end := s.run(tasks.JobBackup, params)
		if slices.Contains(objects, folder+"shop.sql") {
			// Between the object and its manifest: nothing is overwritten.
			if end.State != tasks.JobFailed || !strings.Contains(end.Problem, "unfinished or foreign") {
				t.Errorf("after %d requests: %+v", 1+kill, end)
			}
			continue
		}
		s.good(end)
	}
	if whole == 10 {
		t.Error("no kill came in time")
	}
	if left := s.store.Uploads(s.bucket); len(left) > 0 {
		t.Errorf("uploads are left: %v", left)
	}
}

// over says that the job has told its end.
func (s *service) over() bool {
	s.desk.mu.Lock()
	defer s.desk.mu.Unlock()
	return s.desk.end != nil
}

// TestAKilledRestoreIsRunAgain kills the helper while it loads: the next restore sees the mark and begins anew.
func TestAKilledRestoreIsRunAgain(t *testing.T) {
	s := newService(t, "v20.1.5", s3.Options{})
	s.db.rows("20000")
	before := s.db.all()
	s.good(s.run(tasks.JobBackup, s.params()))
	s.db.sql("DROP DATABASE shop CASCADE")
	for range 3 {
		s.start(tasks.JobRestore, s.params())
		s.db.until("rows are loaded", func() bool {
			out, _ := s.db.try("SELECT count(*) AS n FROM shop.t WHERE id > 300")
			return out != "" && !strings.HasPrefix(out, "n\n0\n") || s.over()
		})
		_ = s.cmd.Process.Kill()
		_ = s.cmd.Wait()
		if s.over() {
			t.Fatal("the restore ended before it was killed")
		}
		if end := s.run(tasks.JobBackup, s.params()); end.State != tasks.JobFailed {
			t.Errorf("a backup of half a restore ended as %+v", end)
		}
	}
	s.good(s.run(tasks.JobRestore, s.params()))
	if !strings.Contains(s.out.String(), "did not finish") || s.db.all() != before {
		t.Errorf("what was restored is not what was there:\n%s", s.out.String())
	}
}
