package job

import (
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/backup"

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

// TestWhatAKilledJobLeftRunningIsCancelled: the next job on the same collection or database ends it, and what it wrote.
func TestWhatAKilledJobLeftRunningIsCancelled(t *testing.T) {
	b := newNative(t, tasks.JobBackup)
	b.db.Jobs = []fakeJob{
		{ID: 7, Status: "running", Description: "BACKUP DATABASE shop INTO 's3://backups/" + folder + "shop?AWS_ACCESS_KEY_ID=redacted'"},
		{ID: 8, Status: "running", Description: "BACKUP DATABASE shop INTO 's3://backups/" + folder + "shop2?AWS_ACCESS_KEY_ID=redacted'"},
	}
	b.db.Native = "running" // of those that nobody cancels
	if err := b.store.write(folder+"shop/2026/11/22-130501.00/data/1.sst", []byte("half")); err != nil {
		t.Fatal(err)
	}
	b.stopWhen("as its job 102", syscall.SIGTERM)
	b.run()
	if b.db.Jobs[0].Status != "canceled" || b.db.Jobs[1].Status != "running" {
		t.Errorf("the database's jobs: %+v", b.db.Jobs)
	}
	b.objects()
	b.says(b.out.String(), "still at an earlier job's work (its job 7", "removed 1 objects")
}

func TestAnIncrementalBackupNeedsALicence(t *testing.T) {
	b := newNative(t, tasks.JobBackup)
	b.succeeded(b.run())
	b.params.Incremental = true
	b.failed(b.run(), "v23.1.0", "enterprise.license is empty", "full backups need no licence")
	b.db.Settings["enterprise.license"] = "crl-0-abc"
	b.succeeded(b.run())
	if m := b.manifest(); len(m.Incremental) != 1 || m.Incremental[0].Job != "job-1" {
		t.Errorf("manifest %+v", m)
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
