package job

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// backedUp is a bench with a backup of shop in its bucket, and a job that restores it into an empty cluster.
func backedUp(t *testing.T) *bench {
	t.Helper()
	b := newBench(t, tasks.JobBackup)
	b.succeeded(b.run())
	b.kind = tasks.JobRestore
	delete(b.db.Databases, "shop")
	b.db.Saw = nil
	return b
}

// plainDump is a bench with a dump of others in its bucket.
func plainDump(t *testing.T, text string) *bench {
	t.Helper()
	b := newBench(t, tasks.JobRestore)
	delete(b.db.Databases, "shop")
	if err := b.store.write(folder+"shop.sql", []byte(text)); err != nil {
		t.Fatal(err)
	}
	return b
}

func (b *bench) rows(database, table string) int64 {
	if t := b.db.table(database, table); t != nil {
		return t.Rows
	}
	return -1
}

// damage changes the stored dump.
func (b *bench) damage(change func([]byte) []byte) {
	path := filepath.Join(b.store.objects, folder+"shop.sql.gz")
	if err := os.WriteFile(path, change([]byte(readAll(path))), 0o644); err != nil {
		b.t.Fatal(err)
	}
}

func TestARestoreLoadsWhatWasBackedUp(t *testing.T) {
	b := backedUp(t)
	r := b.succeeded(b.run())
	if r.Rows != 3 || r.Tables != 2 || r.Manifest == "" || b.rows("shop", "orders") != 3 || b.rows("shop", "seq") != 0 || b.rows("shop", markerTable) != -1 {
		t.Errorf("result %+v, database %v", r, b.db.Databases)
	}
	b.says(b.out.String(), "making database shop")
}

func TestARestoreOfADumpOfOthers(t *testing.T) {
	b := plainDump(t, "CREATE DATABASE IF NOT EXISTS shop;\nUSE shop;\n"+shopDump)
	r := b.succeeded(b.run())
	if r.Manifest != "" || r.Rows != 3 || b.rows("shop", "orders") != 3 {
		t.Errorf("result %+v, database %v", r, b.db.Databases)
	}
	b.says(strings.Join(r.Notes, "\n"), "made by others", "USE shop", "CREATE DATABASE IF NOT EXISTS shop")
}

// TestARestoreRefusesBeforeItTouches goes through what can be known beforehand.
func TestARestoreRefusesBeforeItTouches(t *testing.T) {
	orders := []fakeTable{{Name: "orders", Kind: "BASE TABLE", Rows: 7}}
	other := []fakeTable{{Name: "other", Kind: "BASE TABLE", Rows: 7}}
	half := append(slices.Clone(other), fakeTable{Name: markerTable, Kind: "BASE TABLE", Row: []string{"job-0", "s3://x", "yesterday", "false"}})
	for name, c := range map[string]struct {
		edit func(*bench)
		says []string
	}{
		"no backup":          {func(b *bench) { b.params.BackupDir = "elsewhere" }, []string{"no backup of database", "backup list"}},
		"another database":   {func(b *bench) { b.params.Database = "shp" }, []string{`no backup of database "shp"`, `did you mean "shop"?`}},
		"has tables":         {func(b *bench) { b.db.Databases["shop"] = orders }, []string{"1 tables, views and sequences already (orders)", "--existing drop"}},
		"keep, same table":   {func(b *bench) { b.db.Databases["shop"], b.params.Existing = orders, tasks.ExistingKeep }, []string{"both have orders"}},
		"keep, half restore": {func(b *bench) { b.db.Databases["shop"], b.params.Existing = half, tasks.ExistingKeep }, []string{"job-0", "nobody can tell them", markerTable}},
		"changed":            {func(b *bench) { b.damage(func(p []byte) []byte { p[len(p)/2] ^= 1; return p }) }, []string{"damaged", "SHA-256", "use another backup"}},
		"cut":                {func(b *bench) { b.damage(func(p []byte) []byte { return p[:len(p)-9] }) }, []string{"bytes", "its manifest says"}},
		"gone":               {func(b *bench) { _ = os.Remove(filepath.Join(b.store.objects, folder+"shop.sql.gz")) }, []string{"a manifest", "and no backup"}},
		"manifest damaged":   {func(b *bench) { _ = b.store.write(folder+"shop.manifest.json", []byte(`{"format":1`)) }, []string{"manifest"}},
		"manifest of later":  {func(b *bench) { _ = b.store.write(folder+"shop.manifest.json", []byte(`{"format":9}`)) }, []string{"format 9"}},
		"older database":     {func(b *bench) { b.db.Version = "v19.2.1" }, []string{"v20.1.5", "v19.2.1", "--newer-dump"}},
	} {
		t.Run(name, func(t *testing.T) {
			b := backedUp(t)
			c.edit(b)
			b.failed(b.run(), c.says...)
			if len(b.db.Saw) > 0 {
				t.Errorf("the database was told %q", b.db.Saw)
			}
		})
	}
	for name, c := range map[string]struct {
		text string
		into string
		says []string
	}{
		"drop":             {"DROP TABLE x;\n" + shopDump, "", []string{"DROP TABLE x", "statement 1 (drop"}},
		"another database": {"USE prod;\n" + shopDump, "", []string{"USE prod", "split the file"}},
		"cluster setting":  {shopDump + "SET CLUSTER SETTING a.b = 1;\n", "", []string{"SET CLUSTER SETTING a.b", "statement 7"}},
		"shell":            {shopDump + "\\! rm -r x;\n", "", []string{"client command"}},
		"cut off":          {shopDump[:len(shopDump)-30], "", []string{"is cut off"}},
		"no table":         {"INSERT INTO orders (id) VALUES\n\t(1);\n", "", []string{"rows for tables that it does not make: orders"}},
		"bound":            {shopDump + "CREATE VIEW v (id) AS SELECT id FROM shop.public.orders;\n", "copy", []string{"view v", `would read from "shop"`}},
	} {
		t.Run("others: "+name, func(t *testing.T) {
			b := plainDump(t, c.text)
			b.params.Into = c.into
			b.failed(b.run(), c.says...)
			if len(b.db.Saw) > 0 {
				t.Errorf("the database was told %q", b.db.Saw)
			}
		})
	}
}

func TestARestoreThatBreaksOffSaysWhereAndCanBeRunAgain(t *testing.T) {
	b := backedUp(t)
	b.db.FailOn, b.db.Failure = "(3, NULL)", "value too large"
	b.failed(b.run(), "statement 5 (INSERT INTO orders, rows 3 to 3; line 16 of the dump) failed: value too large (SQLSTATE 23505)",
		"so far 4 of 6 statements, with 2 rows in 1 tables are loaded", "begins anew")
	if b.rows("shop", markerTable) != 0 || b.rows("shop", "orders") != 2 {
		t.Errorf("left: %v", b.db.Databases)
	}
	// An unfinished restore is no database to back up.
	b.kind, b.params.BackupDir = tasks.JobBackup, "other"
	b.failed(b.run(), "did not finish")
	b.kind, b.params.BackupDir = tasks.JobRestore, "20261122T140501Z"
	b.succeeded(b.run())
	b.says(b.out.String(), "dropping the 3 tables it left, and beginning anew")
	if b.rows("shop", "orders") != 3 || b.rows("shop", markerTable) != -1 {
		t.Errorf("left: %v", b.db.Databases)
	}
}

func TestARestoreKilledBetweenMarkerAndRowIsRunAgain(t *testing.T) {
	b := backedUp(t)
	b.db.FailOn, b.db.Failure = `INSERT INTO "shop".public`, "connection lost"
	b.failed(b.run(), "nothing of the backup was loaded")
	b.succeeded(b.run())
}

func TestAStoppedRestoreLeavesItsMark(t *testing.T) {
	b := backedUp(t)
	b.db.Hang = "(3, NULL)"
	b.stopWhen("loading into", syscall.SIGTERM)
	if end := b.run(); end.State != tasks.JobCancelled {
		t.Errorf("it ended as %+v", end)
	}
	if b.rows("shop", markerTable) != 0 {
		t.Errorf("left: %v", b.db.Databases)
	}
	b.db.Hang = "" // the signal may have come first
	b.succeeded(b.run())
}

func TestARestoreDropsOrKeepsWhatIsThere(t *testing.T) {
	there := []fakeTable{{Name: "mine", Kind: "BASE TABLE", Rows: 7}}
	for existing, want := range map[string]int64{tasks.ExistingDrop: -1, tasks.ExistingKeep: 7} {
		b := backedUp(t)
		b.db.Databases["shop"], b.params.Existing = slices.Clone(there), existing
		b.succeeded(b.run())
		if b.rows("shop", "orders") != 3 || b.rows("shop", "mine") != want {
			t.Errorf("%s: %v", existing, b.db.Databases)
		}
	}
	b := backedUp(t)
	b.params.Into, b.db.Databases["copy"] = "copy", nil
	b.succeeded(b.run())
	if b.rows("copy", "orders") != 3 || len(b.db.Databases["shop"]) > 0 {
		t.Errorf("into another name: %v", b.db.Databases)
	}
}

// half is a marker of a restore that did not finish, and found its database empty.
func half(location string) fakeTable {
	return fakeTable{Name: markerTable, Kind: "BASE TABLE", Row: []string{"job-0", location, "yesterday", "true"}}
}

// TestAnUnfinishedRestoreIsNoLicenceToDrop: what people made since is theirs, and what another backup left nobody here can tell.
func TestAnUnfinishedRestoreIsNoLicenceToDrop(t *testing.T) {
	orders, mine := fakeTable{Name: "orders", Kind: "BASE TABLE", Rows: 2}, fakeTable{Name: "made_since", Kind: "BASE TABLE", Rows: 7}
	const here, there = "s3://backups/" + folder + "shop.sql.gz", "s3://backups/cockroach-backups/older/shop.sql.gz"
	for _, existing := range []string{"", tasks.ExistingKeep} {
		for name, c := range map[string]struct {
			tables []fakeTable
			types  []string
			says   []string
		}{
			"a table made since": {[]fakeTable{half(here), orders, mine}, nil, []string{"job-0", "does not make: made_since", "--existing drop", markerTable}},
			"a type made since":  {[]fakeTable{half(here), orders}, []string{"mood"}, []string{"does not make: type mood", "--existing drop"}},
			"another backup":     {[]fakeTable{half(there), orders}, nil, []string{there, "was of another backup", "(orders)", "--existing drop"}},
			"both":               {[]fakeTable{half(there), orders, mine}, nil, []string{there, "made_since"}},
		} {
			b := backedUp(t)
			b.params.Existing = existing
			b.db.Databases["shop"], b.db.Types = slices.Clone(c.tables), map[string][]string{"shop": c.types}
			b.failed(b.run(), c.says...)
			if len(b.db.Saw) > 0 || len(b.db.Databases["shop"]) != len(c.tables) {
				t.Errorf("%s, %q: the database was told %q and has %v", name, existing, b.db.Saw, b.db.Databases)
			}
			b.params.Existing = tasks.ExistingDrop
			b.succeeded(b.run())
		}
	}
	b := backedUp(t)
	b.db.Databases["shop"] = []fakeTable{half(there)} // nothing is there to be lost
	b.succeeded(b.run())
}

const typedDump = "CREATE TYPE mood AS ENUM ('sad', 'glad');\n\n" + shopDump

// TestARestoreWithTypesIsRunAgain: dropping tables would leave the types, which cannot be made twice.
func TestARestoreWithTypesIsRunAgain(t *testing.T) {
	b := plainDump(t, typedDump)
	b.db.Version, b.db.FailOn, b.db.Failure = "v20.2.3", "(3, NULL)", "value too large"
	b.failed(b.run(), "value too large", "begins anew")
	b.succeeded(b.run())
	if b.rows("shop", "orders") != 3 || !slices.Equal(b.db.Types["shop"], []string{"mood"}) {
		t.Errorf("left: %v, types %v", b.db.Databases, b.db.Types)
	}
}

func TestADatabaseWithTypesOnlyIsNotEmpty(t *testing.T) {
	b := plainDump(t, typedDump)
	b.db.Version, b.db.Databases["shop"], b.db.Types = "v20.2.3", nil, map[string][]string{"shop": {"mood"}}
	b.failed(b.run(), "already (type mood)", "--existing drop")
	b.params.Existing = tasks.ExistingKeep
	b.failed(b.run(), "both have type mood")
	if len(b.db.Saw) > 0 {
		t.Errorf("the database was told %q", b.db.Saw)
	}
	b.db.Types["shop"] = []string{"colour"}
	b.succeeded(b.run())
}

// TestADumpOfRowsAloneIsCountedToo: it fills tables that were there, with rows or without.
func TestADumpOfRowsAloneIsCountedToo(t *testing.T) {
	rows := shopDump[strings.Index(shopDump, "INSERT"):strings.Index(shopDump, "SELECT setval")]
	for name, c := range map[string]struct {
		edit func(*bench)
		says []string
	}{
		"good":     {func(*bench) {}, nil},
		"lost":     {func(b *bench) { b.db.LoseRows = "orders" }, []string{"table orders has 9 rows; 7 were there, and the backup has 3"}},
		"no table": {func(b *bench) { b.db.Databases["shop"] = []fakeTable{{Name: "other", Kind: "BASE TABLE"}} }, []string{"rows for tables that it does not make: orders"}},
		"a view":   {func(b *bench) { b.db.Databases["shop"] = []fakeTable{{Name: "orders", Kind: "VIEW"}} }, []string{"rows for tables that it does not make: orders"}},
		"empty":    {func(b *bench) { b.db.Databases["shop"] = nil }, []string{"rows for tables that it does not make: orders"}},
		"refuse":   {func(b *bench) { b.params.Existing = tasks.ExistingRefuse }, []string{"--existing keep"}},
	} {
		t.Run(name, func(t *testing.T) {
			b := plainDump(t, rows)
			b.db.Databases["shop"], b.params.Existing = []fakeTable{{Name: "orders", Kind: "BASE TABLE", Rows: 7}}, tasks.ExistingKeep
			c.edit(b)
			if end := b.run(); c.says == nil {
				b.succeeded(end)
			} else {
				b.failed(end, c.says...)
			}
			if name != "good" && name != "lost" && len(b.db.Saw) > 0 {
				t.Errorf("the database was told %q", b.db.Saw)
			}
		})
	}
}

// TestWhatIsLoadedIsWhatWasChecked, also at a store that cannot tell one object from another of its size.
func TestWhatIsLoadedIsWhatWasChecked(t *testing.T) {
	b := plainDump(t, shopDump)
	b.store.beforeSame = func() { _ = b.store.write(folder+"shop.sql", []byte(strings.Replace(shopDump, "'a'", "'z'", 1))) }
	b.failed(b.run(), "was replaced after it was checked", "begins anew")
	if b.rows("shop", markerTable) != 0 {
		t.Error("the mark is gone")
	}
}

func TestARestoreWhoseRowsAreNotThereFails(t *testing.T) {
	b := backedUp(t)
	b.db.LoseRows = "orders"
	b.failed(b.run(), "table orders has 2 rows, and the backup 3")
	if b.rows("shop", markerTable) != 0 {
		t.Error("the mark is gone")
	}
}

func TestAVerificationReadsAllAndChangesNothing(t *testing.T) {
	b := backedUp(t)
	b.kind, b.db.User = tasks.JobVerify, "nobody"
	r := b.succeeded(b.run())
	if r.Rows != 3 || r.SHA256 == "" || len(b.db.Saw) > 0 {
		t.Errorf("result %+v; the database was told %q", r, b.db.Saw)
	}
	b.damage(func(p []byte) []byte { p[len(p)/2] ^= 1; return p })
	b.failed(b.run(), "damaged")

	b = plainDump(t, shopDump)
	b.kind = tasks.JobVerify
	r = b.succeeded(b.run())
	b.says(strings.Join(r.Notes, " "), "made by others", "nobody can tell")
}
