package e2e

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/s3"
)

// slow makes a dump take its time: bytes a second.
const slow = "STANDIN_DUMP_RATE=2000000"

// TestBackupAndRestore: the two commands of the guide, with nothing but their words, on real processes and a real S3 server.
func TestBackupAndRestore(t *testing.T) {
	t.Parallel()
	v := keep(t, 5000, older(t)...)
	v.run(t, "CREATE TABLE bank.notes (id INT PRIMARY KEY, text STRING); INSERT INTO bank.notes VALUES (1, e'it''s\\na line'), (2, NULL)")
	before := v.run(t, "SELECT * FROM bank.accounts ORDER BY id; SELECT * FROM bank.notes ORDER BY id")

	got := v.job(t, "backup", "bank", v.bucket, "--s3-backup-dir", "first")
	if got.code != 0 {
		t.Fatalf("exit code %d\n%s%s", got.code, got.stdout, got.stderr)
	}
	for _, want := range []string{`tables +2\n`, `rows +5,002\n`, `checksum +SHA-256 [0-9a-f]{64}\n`, "cockroach-backups/first/bank.sql.gz"} {
		matches(t, "the end of the backup", got.stdout, want)
	}
	if found, want := v.objects(t), []string{"cockroach-backups/first/bank.manifest.json", "cockroach-backups/first/bank.sql.gz"}; !slices.Equal(found, want) {
		t.Errorf("objects %v, want %v", found, want)
	}
	matches(t, "backup list", v.job(t, "backup", "list", v.bucket).stdout, `first +bank .* dump +v20\.1\.5 +2 +5,002 `)
	if got := v.job(t, "backup", "verify", v.bucket, "first"); got.code != 0 {
		t.Errorf("backup verify: exit code %d\n%s", got.code, got.stderr)
	}

	if got := v.job(t, "restore", "bank", v.bucket, "first"); got.code != 1 || !strings.Contains(got.stderr, "has 2 tables") {
		t.Errorf("a restore over tables: exit code %d\n%s", got.code, got.stderr)
	}
	v.run(t, "DROP DATABASE bank CASCADE")
	if got := v.job(t, "restore", "bank", v.bucket, "first"); got.code != 0 {
		t.Fatalf("restore: exit code %d\n%s%s", got.code, got.stdout, got.stderr)
	}
	if after := v.run(t, "SELECT * FROM bank.accounts ORDER BY id; SELECT * FROM bank.notes ORDER BY id"); after != before {
		t.Errorf("%d bytes came back, and %d bytes were there", len(after), len(before))
	}
	// What the jobs held is given back.
	eventually(t, v.process, "nothing is held for jobs", func() error {
		if strings.Contains(v.ask(t, "debug", "reservations"), "admin") {
			return fmt.Errorf("got\n%s", v.ask(t, "debug", "reservations"))
		}
		return nil
	})
	matches(t, "backup status", v.ask(t, "backup", "status"), `(?s)restore +bank +succeeded.*restore +bank +failed.*verify +bank +succeeded.*backup +bank +succeeded`)
	s := v.ask(t, "why")
	if s != "Nothing is waiting.\n" {
		t.Errorf("why:\n%s", s)
	}
}

// TestABackupThatFailsLeavesNothing: whatever is wrong, the exit code says so, the reason has a remedy, and no object is there.
func TestABackupThatFailsLeavesNothing(t *testing.T) {
	t.Parallel()
	v := keep(t, 3000, older(t, "STANDIN_DUMP_FAIL_ROWS=2000")...)
	for _, test := range []struct {
		name string
		args []string
		says string
	}{
		{"the dump fails in the middle", []string{"backup", "bank", v.bucket}, "dump"},
		{"no such database", []string{"backup", "bnak", v.bucket}, `bank`},
		{"no such bucket", []string{"backup", "bank", "no-such-bucket-here"}, "no-such-bucket-here"},
		{"a wrong secret key", []string{"backup", "bank", v.bucket, "-s", "wrong"}, "aws-secret-key"},
		{"the native method", []string{"backup", "bank", v.bucket, "--method", "native"}, "licence"},
		{"no such backup", []string{"restore", "bank", v.bucket, "nothing", "--into", "other"}, "nothing"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := v.job(t, test.args...)
			if got.code == 0 || !strings.Contains(got.stderr, test.says) || !strings.Contains(got.stderr, "try:") {
				t.Errorf("exit code %d\n%s%s", got.code, got.stdout, got.stderr)
			}
		})
	}
	if found := v.objects(t); len(found) > 0 {
		t.Errorf("left behind: %v", found)
	}
	if found := v.store.Uploads(v.bucket); len(found) > 0 {
		t.Errorf("parts left behind: %v", found)
	}
}

// TestAJobThatIsKilled: at whatever moment, no object of a backup is there afterwards, and the next job cleans up and succeeds.
func TestAJobThatIsKilled(t *testing.T) {
	t.Parallel()
	v := keep(t, 60000, older(t, slow)...)
	for i := range 10 {
		id := v.begins(t, "backup", "bank", v.bucket, "--s3-backup-dir", "one", "--compress", "none")
		if i > 0 {
			v.works(t, id, int64(5000*i))
		} else {
			eventually(t, v.process, "the job runs", func() error {
				if job, err := v.look(t, id); err != nil || job.State != "running" || job.Progress == nil {
					return fmt.Errorf("%+v, %v", job, err)
				}
				return nil
			})
		}
		kill9(t, v.worker(t))
		if job := v.ends(t, id, "failed"); !strings.Contains(job.Problem, "without a word") || job.Remedy == "" {
			t.Errorf("got %+v", job)
		}
		// The object that says whether the bucket takes any is the first to come and go; it is none of a backup.
		found := slices.DeleteFunc(v.objects(t), func(key string) bool { return strings.HasSuffix(key, "/bank.check") })
		if len(found) > 0 {
			t.Fatalf("after kill %d: %v", i, found)
		}
	}
	if got := v.job(t, "backup", "bank", v.bucket, "--s3-backup-dir", "one", "--compress", "none"); got.code != 0 {
		t.Fatalf("exit code %d\n%s%s", got.code, got.stdout, got.stderr)
	}
	if found := v.store.Uploads(v.bucket); len(found) > 0 {
		t.Errorf("parts left behind: %v", found)
	}
	if found := v.objects(t); len(found) != 2 {
		t.Errorf("objects %v", found)
	}
}

// TestARestoreThatIsKilled: it can be run again, and the database is whole then.
func TestARestoreThatIsKilled(t *testing.T) {
	t.Parallel()
	v := keep(t, 20000, older(t)...)
	if got := v.job(t, "backup", "bank", v.bucket, "-l", "one"); got.code != 0 {
		t.Fatalf("exit code %d\n%s", got.code, got.stderr)
	}
	v.store.Proxy.Rate(200_000)
	id := v.begins(t, "restore", "bank", v.bucket, "one", "--into", "copy")
	v.works(t, id, 1)
	kill9(t, v.worker(t))
	v.ends(t, id, "failed")
	v.store.Proxy.Rate(0)
	got := v.job(t, "restore", "bank", v.bucket, "one", "--into", "copy")
	if got.code != 0 {
		t.Fatalf("again: exit code %d\n%s%s", got.code, got.stdout, got.stderr)
	}
	if a, b := v.run(t, "SELECT * FROM bank.accounts ORDER BY id"), v.run(t, "SELECT * FROM copy.accounts ORDER BY id"); a != b {
		t.Error("the copy is another one")
	}
	if tables := v.run(t, "SHOW TABLES FROM copy"); strings.Contains(tables, "_dcos") {
		t.Errorf("tables:\n%s", tables)
	}
}

// TestTheSchedulerIsKilledWhileAJobRuns: the job goes on, and its result is not lost, whenever it ends.
func TestTheSchedulerIsKilledWhileAJobRuns(t *testing.T) {
	t.Parallel()
	v := keep(t, 40000, older(t, slow)...)
	id := v.begins(t, "backup", "bank", v.bucket)
	v.works(t, id, 1)
	pid := v.worker(t)
	v.kill()
	v.start(t)
	v.works(t, id, 10000)
	if now := v.worker(t); now != pid {
		t.Errorf("another process works: %d, and before %d", now, pid)
	}
	v.kill()
	// It ends while nobody is there to hear it, and waits with its result.
	eventually(t, nil, "the backup is whole", func() error {
		if found := v.objects(t); len(found) != 2 {
			return fmt.Errorf("objects %v", found)
		}
		return nil
	})
	v.start(t)
	if job := v.ends(t, id, "succeeded"); job.Result == nil || job.Result.Rows != 40000 {
		t.Errorf("got %+v", job)
	}
	launches(t, v.m, map[string]int{node0: 1, metrics: 1, "admin-0-backup": 1})
}

// TestAJobIsCancelled: by its id and by its plan; nothing is left of it, and of one that waits for its turn neither.
func TestAJobIsCancelled(t *testing.T) {
	t.Parallel()
	v := keep(t, 60000, older(t, slow)...)
	v.run(t, "CREATE DATABASE shop")
	for name, args := range map[string][]string{"by command": {"backup", "cancel"}, "by plan": {"plan", "stop", "backup"}} {
		t.Run(name, func(t *testing.T) {
			id := v.begins(t, "backup", "bank", v.bucket, "--compress", "none")
			waits := v.begins(t, "backup", "shop", v.bucket)
			v.works(t, id, 5000)
			if job, err := v.look(t, waits); err != nil || job.State != "queued" || !strings.Contains(job.Waiting, "the backup of bank") {
				t.Errorf("%+v, %v", job, err)
			}
			if args[0] == "backup" {
				v.ask(t, append(args, waits)...)
				args = append(args, id)
			}
			v.ask(t, args...)
			v.ends(t, id, "cancelled")
			v.ends(t, waits, "cancelled")
			if found := append(v.objects(t), v.store.Uploads(v.bucket)...); len(found) > 0 {
				t.Errorf("left behind: %v", found)
			}
		})
	}
}

// TestTheNativeMethod: a release that has no dump of data is backed up by the database itself, in the same layout.
func TestTheNativeMethod(t *testing.T) {
	t.Parallel()
	v := keep(t, 5000)
	before := v.run(t, "SELECT * FROM bank.accounts ORDER BY id")
	got := v.job(t, "backup", "bank", v.bucket, "-l", "one")
	if got.code != 0 {
		t.Fatalf("exit code %d\n%s%s", got.code, got.stdout, got.stderr)
	}
	v.search(t, "after a native backup", v.store)
	matches(t, "the end of the backup", got.stdout, `method +native\n`)
	matches(t, "the bucket", strings.Join(v.objects(t), "\n"), `(?s)cockroach-backups/one/bank\.manifest\.json\n.*cockroach-backups/one/bank/\d{4}/`)
	if got := v.job(t, "backup", "bank", v.bucket, "--method", "dump"); got.code == 0 || !strings.Contains(got.stderr, "v24.1.6") {
		t.Errorf("a dump: exit code %d\n%s", got.code, got.stderr)
	}
	if got := v.job(t, "backup", "verify", v.bucket, "one"); got.code != 0 {
		t.Errorf("verify: exit code %d\n%s", got.code, got.stderr)
	}
	for name, args := range map[string][]string{"bank": {"--existing", "drop", "--yes"}, "copy": {"--into", "copy"}} {
		if got := v.job(t, append([]string{"restore", "bank", v.bucket, "one"}, args...)...); got.code != 0 {
			t.Fatalf("restore into %s: exit code %d\n%s%s", name, got.code, got.stdout, got.stderr)
		}
		if after := v.run(t, "SELECT * FROM "+name+".accounts ORDER BY id"); after != before {
			t.Errorf("%s is not what was there", name)
		}
	}
}

// TestScheduledBackups: made by themselves with the keys of the settings, one for each minute that has passed, and none twice over a
// restart of the scheduler.
func TestScheduledBackups(t *testing.T) {
	t.Parallel()
	store := s3.Start(t, s3.Options{})
	bucket := store.Bucket()
	v := keep(t, 100, append(older(t), "BACKUP_SCHEDULE=* * * * *", "BACKUP_DATABASES=bank", "BACKUP_KEEP_COUNT=2", "BACKUP_S3_BUCKET="+bucket,
		"BACKUP_S3_ENDPOINT="+store.Endpoint, "BACKUP_S3_REGION="+store.Region, "BACKUP_AWS_ACCESS_KEY_ID="+store.AccessKey,
		"BACKUP_AWS_SECRET_ACCESS_KEY="+store.SecretKey)...)
	began := time.Now()
	within(t, v.process, time.Minute+patience, "a backup", func() error {
		if found := store.Objects(bucket); len(found) < 2 {
			return fmt.Errorf("objects %v", found)
		}
		return nil
	})
	runs := strings.Count(v.said.String(), `msg="a job is asked for"`)
	v.kill()
	v.start(t)
	v.hears(t, "msg=reconciled")
	for _, key := range store.Objects(bucket) {
		if !regexp.MustCompile(`^cockroach-backups/\d{8}T\d{4}00Z-cockroachdb-[0-9a-f]{8}/bank\.(sql\.gz|manifest\.json)$`).MatchString(key) {
			t.Errorf("the object %s", key)
		}
	}
	age := regexp.MustCompile(`(?m)^\S*backup\S*age\S*\{[^}]*database="bank"[^}]*\} \d`)
	eventually(t, v.process, "the age of the backup", func() error {
		if page := fetch(t, fmt.Sprintf("http://127.0.0.1:%d/v1/metrics/prometheus", v.port)); !age.MatchString(page) {
			return fmt.Errorf("it is not among\n%s", page)
		}
		return nil
	})
	matches(t, "backup status", v.ask(t, "backup", "status"), `\* \* \* \* \*`)
	minutes := int(time.Since(began)/time.Minute) + 1
	if asked := runs + strings.Count(v.said.String(), `msg="a job is asked for"`); asked > minutes {
		t.Errorf("%d runs in %d minutes", asked, minutes)
	}
}
