package job

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/backup"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

const collection = folder + "shop/2026/11/22-140501.00/rows.csv"

func newNative(t *testing.T, kind tasks.JobKind) *bench {
	b := newBench(t, kind)
	b.db.Version, b.db.Dump = "v23.1.0", "the dump must not be used"
	return b
}

func nativeBackedUp(t *testing.T) *bench {
	t.Helper()
	b := newNative(t, tasks.JobBackup)
	b.succeeded(b.run())
	b.kind = tasks.JobRestore
	delete(b.db.Databases, "shop")
	b.db.Saw = nil
	return b
}

func (b *bench) manifest() backup.Manifest {
	b.t.Helper()
	m, err := backup.ParseManifest([]byte(readAll(filepath.Join(b.store.objects, folder+"shop.manifest.json"))))
	if err != nil {
		b.t.Fatal(err)
	}
	return m
}

func TestANativeBackupIsComparedAndSealed(t *testing.T) {
	b := newNative(t, tasks.JobBackup)
	r := b.succeeded(b.run())
	b.objects(folder+"shop.manifest.json", collection)
	m := b.manifest()
	if m.Method != backup.Native || m.Subfolder != "2026/11/22-140501.00" || m.Rows != 3 || m.Collection != "shop" || m.Stored == 0 || m.Bytes != 30 {
		t.Errorf("manifest %+v", m)
	}
	if r.Rows != 3 || r.Tables != 2 || r.Location != "s3://backups/"+folder+"shop/" {
		t.Errorf("result %+v", r)
	}
	b.failed(b.run(), "holds a backup")
}

func TestANativeBackupThatFailsLeavesNothing(t *testing.T) {
	for name, c := range map[string]struct {
		edit func(*bench)
		says []string
	}{
		"the job fails":     {func(b *bench) { b.db.Native = "failed" }, []string{"job 100", "is failed", "the store said no"}},
		"refused":           {func(b *bench) { b.db.FailOn, b.db.Failure = "BACKUP DATABASE", "AccessDenied: "+testSecret }, []string{"AccessDenied", "[redacted]"}},
		"own authority":     {func(b *bench) { b.params.CA = "-----BEGIN CERTIFICATE-----" }, []string{"cloudstorage.http.custom_ca", "SET CLUSTER SETTING"}},
		"rows disagree":     {func(b *bench) { b.db.Grows = "orders" }, []string{"table orders has 4 rows in the database and 3 in the backup"}},
		"nothing to add to": {func(b *bench) { b.params.Incremental = true }, []string{"no native backup", "make a full backup there first"}},
	} {
		t.Run(name, func(t *testing.T) {
			b := newNative(t, tasks.JobBackup)
			c.edit(b)
			b.failed(b.run(), c.says...)
			b.objects()
		})
	}
}

func TestAStoppedNativeBackupIsCancelledInTheDatabase(t *testing.T) {
	b := newNative(t, tasks.JobBackup)
	b.db.Native = "running"
	b.stopWhen("as its job 100", syscall.SIGTERM)
	if end := b.run(); end.State != tasks.JobCancelled {
		t.Errorf("it ended as %+v", end)
	}
	b.objects()
	if b.db.Jobs[0].Status != "canceled" {
		t.Errorf("the database's jobs: %+v", b.db.Jobs)
	}
}

func (b *bench) put(key, text string) {
	b.t.Helper()
	if err := b.store.write(key, []byte(text)); err != nil {
		b.t.Fatal(err)
	}
}

// mark puts down what an earlier job wrote before it was killed.
func (b *bench) mark(key string, change func(*backup.Mark)) {
	b.t.Helper()
	at := time.Date(2026, 11, 22, 13, 5, 1, 0, time.UTC)
	m := backup.Mark{Job: "job-0", Service: "crdb", Cluster: testCluster, Database: "shop", Snapshot: at, Subfolder: "2026/11/22-130501.00", Began: at}
	if change != nil {
		change(&m)
	}
	text, err := m.Encode()
	if err != nil {
		b.t.Fatal(err)
	}
	b.put(key, string(text))
}

func (b *bench) keeps(keys ...string) {
	b.t.Helper()
	for _, key := range keys {
		if !slices.Contains(b.store.keys(), key) {
			b.t.Errorf("%s is gone", key)
		}
	}
}

const (
	running = folder + "shop.running.json"
	into    = "BACKUP DATABASE shop INTO 's3://backups/" + folder + "shop?AWS_ACCESS_KEY_ID=redacted' AS OF SYSTEM TIME '2026-11-22 13:05:01.000000' WITH detached"
)

// TestWhatAKilledJobLeftRunningIsCancelled: the next job on the same collection or database ends it, and what it wrote.
func TestWhatAKilledJobLeftRunningIsCancelled(t *testing.T) {
	for name, id := range map[string]int64{"its number is known": 7, "it was killed before it knew the number": 0} {
		t.Run(name, func(t *testing.T) {
			b := newNative(t, tasks.JobBackup)
			b.db.Jobs = []fakeJob{
				{ID: 7, Status: "running", Description: into},
				{ID: 8, Status: "running", Description: strings.Replace(into, "shop?", "shop2?", 1)},
				{ID: 9, Status: "succeeded", Description: into},
			}
			b.db.Native = "running" // of those that nobody cancels
			b.put(folder+"shop/2026/11/22-130501.00/data/1.sst", "half")
			b.put(folder+"shop/metadata/latest/LATEST-1", "")
			b.mark(running, func(m *backup.Mark) { m.DatabaseJob = id })
			b.stopWhen("as its job 103", syscall.SIGTERM)
			b.run()
			if b.db.Jobs[0].Status != "canceled" || b.db.Jobs[1].Status != "running" {
				t.Errorf("the database's jobs: %+v", b.db.Jobs)
			}
			b.objects()
			b.says(b.out.String(), "still at an earlier job's work (its job 7", "removed 2 objects")
		})
	}
}

// TestABackupThatSomebodyElseMakesIsLeftAlone: by hand into the same collection, or by another service or cluster.
func TestABackupThatSomebodyElseMakesIsLeftAlone(t *testing.T) {
	old := folder + "shop/2026/10/01-000000.00/data/1.sst"
	for name, c := range map[string]struct {
		edit func(*bench)
		says []string
	}{
		"by hand":                 {nil, []string{"did not start (its job 7, running)", "CANCEL JOB 7"}},
		"by hand, after a killed": {func(b *bench) { b.mark(running, func(m *backup.Mark) { m.DatabaseJob = 6 }) }, []string{"its job 7", "CANCEL JOB 7"}},
		"by hand, of another moment than the killed one": {func(b *bench) {
			b.mark(running, func(m *backup.Mark) { m.Snapshot = m.Snapshot.Add(time.Microsecond) })
		}, []string{"CANCEL JOB 7"}},
		"done by hand":    {func(b *bench) { b.db.Jobs[0].Status = "succeeded" }, []string{"unfinished or foreign"}},
		"another service": {func(b *bench) { b.mark(running, func(m *backup.Mark) { m.Service = "other" }) }, []string{"service other", running}},
		"another cluster": {func(b *bench) { b.mark(running, func(m *backup.Mark) { m.Cluster = "c2" }) }, []string{"cluster c2", running}},
		"a damaged mark":  {func(b *bench) { b.put(running, "{") }, []string{running, "delete the object by hand"}},
	} {
		t.Run(name, func(t *testing.T) {
			b := newNative(t, tasks.JobBackup)
			b.put(old, "precious")
			b.db.Jobs = []fakeJob{{ID: 7, Status: "running", Description: into}}
			b.db.Native = "running"
			if c.edit != nil {
				c.edit(b)
			}
			b.failed(b.run(), c.says...)
			b.keeps(old)
			if status := b.db.Jobs[0].Status; status == "canceled" || len(b.db.Jobs) != 1 {
				t.Errorf("the database's jobs: %+v", b.db.Jobs)
			}
		})
	}
}

// TestABackupThatFailsRemovesItsOwnFilesAlone: not those of another backup that came into the collection meanwhile.
func TestABackupThatFailsRemovesItsOwnFilesAlone(t *testing.T) {
	const full, whole, nested = folder + "shop/2026/11/22-140502.00/data/1.sst", folder + "shop/metadata/latest/LATEST-1", folder + "shop/orders.sql.gz"
	for name, c := range map[string]struct{ come, stay []string }{
		"another full backup": {[]string{full, whole, nested}, []string{full, whole, nested}},
		"a folder in it":      {[]string{whole, nested}, []string{nested}},
	} {
		t.Run(name, func(t *testing.T) {
			b := newNative(t, tasks.JobBackup)
			b.db.Native = "running"
			b.whenSaid("as its job 100", func() {
				for _, key := range append(c.come, folder+"shop.manifest.json") {
					_ = b.store.write(key, []byte("of somebody else"))
				}
				b.signals <- syscall.SIGTERM
			})
			b.run()
			b.keeps(folder + "shop.manifest.json")
			_ = b.store.Delete(t.Context(), "", folder+"shop.manifest.json")
			b.objects(c.stay...)
		})
	}
}

// TestAManifestThatCannotBeWrittenTakesTheBackupWithIt: the next one may go into the folder.
func TestAManifestThatCannotBeWrittenTakesTheBackupWithIt(t *testing.T) {
	b := newNative(t, tasks.JobBackup)
	b.store.fail["put shop.manifest.json"] = errors.New("the store went away")
	b.failed(b.run(), "could not be written", "back up again")
	b.objects()
	b.store.fail = map[string]error{}
	b.succeeded(b.run())
}

// TestFoldersOfBackupsDoNotLieInEachOther: week/shop is below the collection of shop in week.
func TestFoldersOfBackupsDoNotLieInEachOther(t *testing.T) {
	b := newNative(t, tasks.JobBackup)
	nested := []string{folder + "shop/orders.manifest.json", folder + "shop/orders.sql.gz"}
	for _, key := range nested {
		b.put(key, "precious")
	}
	b.failed(b.run(), "holds other backups", "another --s3-backup-dir")
	b.objects(nested...)

	b = newNative(t, tasks.JobBackup)
	b.succeeded(b.run())
	b.params.BackupDir += "/shop/old"
	b.failed(b.run(), "lies in the one that backups of database", "another --s3-backup-dir")
}

// TestRetentionTakesTheBackupOfTheManifestAlone: what else lies below the prefix of its collection is others'.
func TestRetentionTakesTheBackupOfTheManifestAlone(t *testing.T) {
	b := newNative(t, tasks.JobBackup)
	b.by, b.params.KeepCount, b.params.BackupDir = tasks.BySchedule, 1, "older"
	b.succeeded(b.run())
	const older = "cockroach-backups/older/"
	others := []string{older + "shop/2026/11/01-000000.00/data/1.sst", older + "shop/metadata/latest/LATEST-1", older + "shop/orders.sql.gz", older + "shop/orders.manifest.json"}
	for _, key := range append(others, older+"shop/incrementals/2026/11/22-140501.00/20261123/1.sst") {
		b.put(key, "precious")
	}
	b.params.BackupDir, b.db.Now = "20261122T140501Z", "2026-11-23 14:05:01.5+00:00"
	r := b.succeeded(b.run())
	if !slices.Equal(r.Removed, []string{"older"}) {
		t.Errorf("removed %v, notes %v", r.Removed, r.Notes)
	}
	slices.Sort(others)
	b.objects(append([]string{folder + "shop.manifest.json", collection}, others...)...)

	// A cluster whose service has the same name does not remove this one's.
	b.params.BackupDir, b.db.Cluster, b.db.Now = "newer", "c2", "2026-11-24 14:05:01.5+00:00"
	if r := b.succeeded(b.run()); len(r.Removed) > 0 {
		t.Errorf("removed %v", r.Removed)
	}
	// Nor does one that does not tell its cluster, and it may be one.
	b.params.BackupDir, b.db.Cluster, b.db.Now = "newest", "", "2026-11-25 14:05:01.5+00:00"
	if r := b.succeeded(b.run()); len(r.Removed) > 0 || strings.Contains(readAll(filepath.Join(b.store.objects, "cockroach-backups/newest/shop.manifest.json")), "cluster") {
		t.Errorf("removed %v", r.Removed)
	}
}

// TestDescriptionsOfAStrangeName: addresses in the database's list of jobs are written as URLs.
func TestDescriptionsOfAStrangeName(t *testing.T) {
	w := &work{params: tasks.JobParams{Bucket: "b"}, place: backup.Place{Bucket: "b", Dir: "d", BackupDir: "x", Database: "my shop"}}
	for description, want := range map[string]bool{
		"BACKUP DATABASE x INTO '/2026/11/22-140501.00' IN 's3://b/d/x/my%2520shop?AWS_ACCESS_KEY_ID=redacted'": true,
		"BACKUP DATABASE x INTO 's3://b/d/x/my%2520shop/'":                                                      true, "BACKUP DATABASE x INTO 's3://b/d/x/my%2520shop2'": false, "RESTORE x FROM 's3://b/d/x/my%2520shop'": false,
		"BACKUP DATABASE x INTO ('s3://b/d/x/my%2520shop2', 's3://b/d/x/my%2520shop')": true,
	} {
		if w.backupInto(description) != want {
			t.Error(description)
		}
	}
}

func TestAnIncrementalBackupNeedsALicence(t *testing.T) {
	b := newNative(t, tasks.JobBackup)
	b.succeeded(b.run())
	b.params.Incremental = true
	b.failed(b.run(), "v23.1.0", "enterprise.license is empty", "full backups need no licence")
	b.db.Settings["enterprise.license"] = "crl-0-abc"
	b.db.Now = "2026-11-24 14:05:01.5+00:00"
	b.db.Deaf = true
	b.failed(b.run(), "shows 2026-11-22 14:05:01.500000, and was to show 2026-11-24 14:05:01.500000")
	b.db.Deaf = false
	b.succeeded(b.run())
	m := b.manifest()
	if len(m.Incremental) != 1 || m.Incremental[0].Job != "job-1" || m.Cluster != testCluster {
		t.Errorf("manifest %+v", m)
	}
	b.objects(folder+"shop.manifest.json", collection)
	b.db.Cluster = "c2"
	b.failed(b.run(), "goes on in the cluster that it began in")
	b.db.Cluster = testCluster
	b.put(folder+"shop/2026/11/25-000000.00/rows.csv", "")
	b.failed(b.run(), "newest full backup", "2026/11/25-000000.00, which this service did not make")
	b.keeps(folder + "shop/2026/11/25-000000.00/rows.csv")
}

// TestAChainHasTheRowsOfTheDatabaseAtLeast: rows that were changed are in it twice, and none is missing.
func TestAChainHasTheRowsOfTheDatabaseAtLeast(t *testing.T) {
	tables := []cockroach.TableInfo{{Schema: "public", Name: "t", Kind: cockroach.TableBase}}
	rows := map[objectName]int64{nameOf("public", "t"): 5}
	for n, good := range map[int64][2]bool{4: {false, false}, 5: {true, true}, 6: {false, true}} {
		for i, chain := range []bool{false, true} {
			if err := agreeNative(tables, rows, []cockroach.Content{{Schema: "public", Name: "t", Rows: n}}, chain); (err == nil) != good[i] {
				t.Errorf("%d rows, chain %t: %v", n, chain, err)
			}
		}
	}
}

func TestANativeRestore(t *testing.T) {
	b := nativeBackedUp(t)
	r := b.succeeded(b.run())
	if r.Method != "native" || r.Rows != 3 || b.rows("shop", "orders") != 3 {
		t.Errorf("result %+v, database %v", r, b.db.Databases)
	}
	b.failed(b.run(), "has 3 tables, views and sequences already", "--existing drop")
	b.params.Existing = tasks.ExistingKeep
	b.failed(b.run(), "cannot load beside what is there")
	b.params.Existing = tasks.ExistingDrop
	b.succeeded(b.run())
	b.params.Existing, b.params.Into = "", "copy"
	b.succeeded(b.run())
	if b.rows("copy", "orders") != 3 {
		t.Errorf("database %v", b.db.Databases)
	}
	b.db.Version = "v20.1.5"
	b.failed(b.run(), "v20.1.5", "cannot read native backups")
}

func TestANativeRestoreIntoAnEmptyDatabaseDropsIt(t *testing.T) {
	b := nativeBackedUp(t)
	b.db.Databases["shop"] = nil
	r := b.succeeded(b.run())
	b.says(strings.Join(r.Notes, " "), "was dropped")
}

func TestANativeRestoreWithoutManifest(t *testing.T) {
	b := nativeBackedUp(t)
	_ = b.store.Delete(t.Context(), "", folder+"shop.manifest.json")
	r := b.succeeded(b.run())
	if r.Manifest != "" || r.Rows != 3 {
		t.Errorf("result %+v", r)
	}
}

func TestAStoppedNativeRestoreIsCancelledInTheDatabase(t *testing.T) {
	b := nativeBackedUp(t)
	b.db.Native = "running"
	b.stopWhen("as its job 101", syscall.SIGTERM)
	if end := b.run(); end.State != tasks.JobCancelled {
		t.Errorf("it ended as %+v", end)
	}
	if b.db.Jobs[1].Status != "canceled" {
		t.Errorf("the database's jobs: %+v", b.db.Jobs)
	}
}

// TestARestoreThatSomebodyElseRunsIsLeftAlone: from a bucket of theirs, or from the same backup by hand.
func TestARestoreThatSomebodyElseRunsIsLeftAlone(t *testing.T) {
	for name, from := range map[string]string{"own bucket": "s3://dba-bucket/own", "the same backup": "s3://backups/" + folder + "shop"} {
		t.Run(name, func(t *testing.T) {
			b := nativeBackedUp(t)
			b.db.Jobs = append(b.db.Jobs, fakeJob{ID: 55, Status: "running", Description: "RESTORE DATABASE shop FROM '2026/11/22-140501.00' IN '" + from + "?AWS_ACCESS_KEY_ID=redacted'"})
			b.db.Native = "running"
			b.failed(b.run(), "restore into shop that this service did not start (its job 55", "CANCEL JOB 55")
			if b.db.Jobs[1].Status != "running" {
				t.Errorf("the database's jobs: %+v", b.db.Jobs)
			}
		})
	}
}

const restoring = folder + "shop.restoring-shop-845c6f31.json"

// TestWhatAKilledRestoreLeftRunning: it is cancelled by the next one, or counted when the database finished it meanwhile.
func TestWhatAKilledRestoreLeftRunning(t *testing.T) {
	left := func(t *testing.T, status string, id int64) *bench {
		b := nativeBackedUp(t)
		b.db.Jobs = append(b.db.Jobs, fakeJob{ID: 55, Status: status, Created: "2026-11-22 13:05:02.5",
			Description: "RESTORE DATABASE shop FROM '2026/11/22-140501.00' IN 's3://backups/" + folder + "shop?AWS_ACCESS_KEY_ID=redacted' WITH detached"})
		b.mark(restoring, func(m *backup.Mark) {
			m.Into, m.DatabaseJob, m.Subfolder, m.Snapshot = "shop", id, "2026/11/22-140501.00", b.manifest().Snapshot
		})
		return b
	}
	whole := []string{folder + "shop.manifest.json", collection}
	for _, id := range []int64{55, 0} {
		b := left(t, "cancel-requested", id)
		b.db.Jobs[1].Status = "paused"
		b.succeeded(b.run())
		if b.db.Jobs[1].Status != "canceled" || len(b.db.Jobs) != 3 {
			t.Errorf("the database's jobs: %+v", b.db.Jobs)
		}
		b.objects(whole...)

		b = left(t, "succeeded", id)
		b.db.Databases["shop"] = []fakeTable{{Name: "orders", Kind: "BASE TABLE", Rows: 3}, {Name: "empty", Kind: "BASE TABLE"}, {Name: "seq", Kind: "SEQUENCE"}}
		r := b.succeeded(b.run())
		b.says(strings.Join(r.Notes, " "), "finished the restore that job job-0 began")
		if len(b.db.Jobs) != 2 {
			t.Errorf("the database's jobs: %+v", b.db.Jobs)
		}
		b.objects(whole...)
		b.failed(b.run(), "has 3 tables, views and sequences already")
	}
	// Of another backup, or with rows that are missing, it is no success.
	b := left(t, "succeeded", 55)
	b.mark(restoring, func(m *backup.Mark) {
		m.Into, m.DatabaseJob, m.Subfolder, m.Snapshot = "shop", 55, "2026/11/21-140501.00", b.manifest().Snapshot
	})
	b.db.Databases["shop"] = []fakeTable{{Name: "orders", Kind: "BASE TABLE", Rows: 3}}
	b.failed(b.run(), "has 1 tables, views and sequences already")
	b = left(t, "succeeded", 55)
	b.db.Databases["shop"] = []fakeTable{{Name: "orders", Kind: "BASE TABLE", Rows: 2}, {Name: "empty", Kind: "BASE TABLE"}, {Name: "seq", Kind: "SEQUENCE"}}
	b.failed(b.run(), "what was restored is not what was backed up", "orders has 2 rows")
	b.objects(whole...)
}

// TestKeysThatOnlyReadAreEnoughForARestore: the mark is left out then.
func TestKeysThatOnlyReadAreEnoughForARestore(t *testing.T) {
	b := nativeBackedUp(t)
	b.store.fail["put .json"] = errors.New("AccessDenied")
	b.succeeded(b.run())
}

func TestANativeVerification(t *testing.T) {
	b := nativeBackedUp(t)
	b.kind = tasks.JobVerify
	r := b.succeeded(b.run())
	b.says(strings.Join(r.Notes, " "), "every file of the backup is there")
	if err := b.store.write(collection, []byte("shop,public,orders,table,2026-11-22 14:05:01.5,30,2\n")); err != nil {
		t.Fatal(err)
	}
	b.failed(b.run(), "not what its manifest says", "orders has 3 rows")
}
