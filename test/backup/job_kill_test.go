package backup

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/s3"
)

// seedVariable names the environment variable that repeats the moments of a run.
const seedVariable = "BACKUP_SEED"

// moments are random, and repeatable.
func moments(t *testing.T) *rand.Rand {
	t.Helper()
	seed := uint64(time.Now().UnixNano())
	if given := os.Getenv(seedVariable); given != "" {
		var err error
		if seed, err = strconv.ParseUint(given, 10, 64); err != nil {
			t.Fatalf("%s=%q is no number: %v", seedVariable, given, err)
		}
	}
	t.Logf("repeat with %s=%d", seedVariable, seed)
	return rand.New(rand.NewPCG(seed, 0))
}

// kill ends the helper with SIGKILL.
func (s *service) kill() {
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
}

// over says that the job has told its end.
func (s *service) over() bool {
	s.desk.mu.Lock()
	defer s.desk.mu.Unlock()
	return s.desk.end != nil
}

// reports is how often the job has told how far it is.
func (s *service) reports() int {
	s.desk.mu.Lock()
	defer s.desk.mu.Unlock()
	return len(s.desk.saw)
}

// TestABackupKilledAtRandomMomentsIsWholeOrNone kills the helper when the store has seen so many requests of it, from the first check
// to the manifest. What has a manifest afterwards can be restored; what has none is refused, and the next backup, in a folder of its
// own, aborts what is left of its upload.
func TestABackupKilledAtRandomMomentsIsWholeOrNone(t *testing.T) {
	random := moments(t)
	s := newService(t, "v20.1.5", s3.Options{Proxy: true})
	s.db.rows("60000")
	params := s.params()
	params.Compress = "none"
	count := func() int { return len(s.store.Proxy.Requests()) }
	params.BackupDir = "measured"
	s.good(s.run(tasks.JobBackup, params))
	all, cut := count(), 0
	for n := range 10 {
		params.BackupDir = fmt.Sprintf("kill-%d", n)
		before, at := count(), 1+random.IntN(all)
		s.start(tasks.JobBackup, params)
		s.db.until("the store was asked", func() bool { return count() >= before+at || s.over() })
		s.kill()
		folder := "cockroach-backups/" + params.BackupDir + "/"
		objects := s.store.Objects(s.bucket)
		t.Logf("killed at request %d of %d: uploads %v", at, all, s.store.Uploads(s.bucket))
		if slices.Contains(objects, folder+"shop.manifest.json") {
			s.good(s.run(tasks.JobVerify, params))
			continue
		}
		cut++
		if slices.Contains(objects, folder+"shop.sql") {
			// Between the object and its manifest: nothing is overwritten.
			if end := s.run(tasks.JobBackup, params); end.State != tasks.JobFailed || !strings.Contains(end.Problem, "unfinished or foreign") {
				t.Errorf("killed at request %d: %+v", at, end)
			}
			continue
		}
		s.desk.leftovers = []string{params.BackupDir}
		params.BackupDir += "-next"
		s.good(s.run(tasks.JobBackup, params))
		if left := s.store.Uploads(s.bucket); len(left) > 0 {
			t.Errorf("killed at request %d: uploads are left: %v", at, left)
		}
	}
	if cut == 0 {
		t.Error("no kill came in time")
	}
}

// TestARestoreKilledAtRandomMomentsIsRunAgain kills the helper when so many rows are in, or when it has told so often how far it is:
// while the database is made, marked, loaded, dropped for the next one. The next restore begins anew, and no backup is made of half
// a database.
func TestARestoreKilledAtRandomMomentsIsRunAgain(t *testing.T) {
	random := moments(t)
	const rows = 20000
	s := newService(t, "v20.1.5", s3.Options{})
	s.db.rows(strconv.Itoa(rows))
	before := s.db.all()
	s.good(s.run(tasks.JobBackup, s.params()))
	s.db.sql("DROP DATABASE shop CASCADE")
	unfinished := 0
	for n := range 6 {
		at, reports := random.IntN(rows), 0
		if n%2 == 1 {
			at, reports = -1, 1+random.IntN(8)
		}
		s.start(tasks.JobRestore, s.params())
		s.db.until("rows are loaded", func() bool {
			if s.over() || reports > 0 {
				return s.over() || s.reports() >= reports
			}
			out, _ := s.db.try("SELECT count(*) AS n FROM shop.t")
			loaded, err := strconv.Atoi(strings.TrimSpace(strings.TrimPrefix(out, "n\n")))
			return err == nil && loaded > at
		})
		s.kill()
		t.Logf("killed at row %d or report %d, over: %t", at, reports, s.over())
		params := s.params()
		params.BackupDir = fmt.Sprintf("after-%d", n)
		end := s.run(tasks.JobBackup, params)
		switch {
		case end.State == tasks.JobSucceeded && end.Result.Tables == 0: // made, and not marked yet
		case end.State == tasks.JobSucceeded && s.db.all() != before:
			t.Errorf("a backup was made of half a restore: %+v", end.Result)
		case end.State == tasks.JobSucceeded:
			s.db.sql("DROP DATABASE shop CASCADE") // the kill came too late
		case strings.Contains(end.Problem, "did not finish"):
			unfinished++
		}
	}
	s.good(s.run(tasks.JobRestore, s.params()))
	if s.db.all() != before {
		t.Errorf("what was restored is not what was there:\n%s", s.out.String())
	}
	if unfinished == 0 {
		t.Error("no kill came in time")
	}
}
