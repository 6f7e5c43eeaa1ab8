package backup

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"
)

var update = flag.Bool("update", false, "write the golden files instead of comparing with them")

var noon = time.Date(2026, time.November, 22, 12, 0, 0, 0, time.UTC)

func version(t testing.TB, text string) cockroach.Version {
	t.Helper()
	if text == "" {
		return cockroach.Version{}
	}
	v, err := cockroach.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestKeys(t *testing.T) {
	p := Place{Bucket: "b", Dir: "x/y", BackupDir: "20261122T140501Z", Database: "shop"}
	for got, want := range map[string]string{
		p.ObjectKey(Plain):        "x/y/20261122T140501Z/shop.sql",
		p.ObjectKey(Gzip):         "x/y/20261122T140501Z/shop.sql.gz",
		p.ObjectKey(Zstd):         "x/y/20261122T140501Z/shop.sql.zst",
		p.OlderKey():              "x/y/20261122T140501Z/shop.sql",
		p.ManifestKey():           "x/y/20261122T140501Z/shop.manifest.json",
		p.Collection():            "x/y/20261122T140501Z/shop",
		p.CollectionPrefix():      "x/y/20261122T140501Z/shop/",
		p.Folder():                "x/y/20261122T140501Z/",
		p.URI(p.ManifestKey()):    "s3://b/x/y/20261122T140501Z/shop.manifest.json",
		BackupDirAt(noon.Local()): "20261122T120000Z",
		p.RunningKey():            "x/y/20261122T140501Z/shop.running.json",
		p.RestoringKey("845c6f31-0282-4a37-80f1-cb53a186a213", "a b"):                        "x/y/20261122T140501Z/shop.restoring-a%20b-845c6f31.json",
		ScheduledDirAt(noon, "cockroachdb", "845c6f31-0282-4a37-80f1-cb53a186a213"):          "20261122T120000Z-cockroachdb-845c6f31",
		ScheduledDirAt(noon.Local(), "/team/crdb b", "845c6f31-0282-4a37-80f1-cb53a186a213"): "20261122T120000Z-team__crdb_b-845c6f31",
		ScheduledDirAt(noon, "cockroachdb", ""):                                              "20261122T120000Z-cockroachdb",
	} {
		if got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

func TestNamesInKeys(t *testing.T) {
	for name, want := range map[string]string{
		"shop": "shop", "My_DB-1.x": "My_DB-1.x", "..": "%2E.", ".": "%2E", "a/b": "a%2Fb", "a b": "a%20b", "50%": "50%25", "日": "%E6%97%A5", "a+b": "a%2Bb", "a\nb": "a%0Ab",
	} {
		if got := EscapeName(name); got != want || UnescapeName(got) != name {
			t.Errorf("%q: %q, and back %q", name, got, UnescapeName(got))
		}
	}
	// What the older service or a person wrote is taken as it is.
	for _, plain := range []string{"a b", "50%", "%zz", "a%2", "%41", "%2f", "日"} {
		if got := UnescapeName(plain); got != plain {
			t.Errorf("%q became %q", plain, got)
		}
	}
}

func FuzzNames(f *testing.F) {
	for _, name := range []string{"a", "..", "%2F", "a.sql", "x.manifest", "\xff"} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		if name == "" {
			return
		}
		if got := UnescapeName(EscapeName(name)); got != name {
			t.Fatalf("%q came back as %q", name, got)
		}
		p := Place{Dir: "d", BackupDir: "b", Database: name}
		for _, c := range Compressions {
			entry, known := ParseKey("d", p.ObjectKey(c))
			if !known || entry.Place != p || entry.Part != DumpPart || entry.Compression != c {
				t.Fatalf("%q: %+v, %v", p.ObjectKey(c), entry, known)
			}
		}
		if entry, known := ParseKey("d", p.ManifestKey()); !known || entry.Place != p || entry.Part != ManifestPart {
			t.Fatalf("%q: %+v, %v", p.ManifestKey(), entry, known)
		}
	})
}

func TestNormalise(t *testing.T) {
	good, faults := Normalise(Place{Bucket: "my.bucket-1", Dir: "//a//b/", BackupDir: "/x/", Database: "My DB"})
	if want := (Place{"my.bucket-1", "a/b", "x", "My DB"}); good != want || faults != nil {
		t.Errorf("%+v, %v", good, faults)
	}
	if got, faults := Normalise(Place{Bucket: "abc", BackupDir: "x", Database: "d"}); got.Dir != DefaultDir || faults != nil {
		t.Errorf("%+v, %v", got, faults)
	}
	tests := []struct {
		place  Place
		fields string
	}{
		{Place{}, "bucket backup_dir database"},
		{Place{"ab", "a", "x", "d"}, "bucket"},
		{Place{strings.Repeat("a", 64), "a", "x", "d"}, "bucket"},
		{Place{strings.Repeat("a", 63), "a", "x", "d"}, ""},
		{Place{"Bucket", "a", "x", "d"}, "bucket"},
		{Place{"buck_et", "a", "x", "d"}, "bucket"},
		{Place{"bück", "a", "x", "d"}, "bucket"},
		{Place{"-bucket", "a", "x", "d"}, "bucket"},
		{Place{"bucket.", "a", "x", "d"}, "bucket"},
		{Place{"buck..et", "a", "x", "d"}, "bucket"},
		{Place{"buck.-et", "a", "x", "d"}, "bucket"},
		{Place{"10.0.0.1", "a", "x", "d"}, "bucket"},
		{Place{"s3://bucket", "a", "x", "d"}, "bucket"},
		{Place{"bucket/folder", "a", "x", "d"}, "bucket"},
		{Place{"bucket", "a/../b", "x", "d"}, "dir"},
		{Place{"bucket", "a/./b", "..", "d"}, "dir backup_dir"},
		{Place{"bucket", "a\nb", "x?y", "d"}, "dir backup_dir"},
		{Place{"bucket", "a", "\xff", "d"}, "backup_dir"},
		{Place{"bucket", "a", "x", "system"}, "database"},
		{Place{"bucket", "a", "x", "\xff"}, "database"},
		{Place{"bucket", strings.Repeat("a/", 400) + "b", "x", "d"}, "dir"},
	}
	for _, test := range tests {
		_, faults := Normalise(test.place)
		var fields []string
		for _, fault := range faults {
			if fault.Message == "" || fault.Remedy == "" {
				t.Errorf("%+v: %v has no remedy", test.place, fault)
			}
			if !slices.Contains(fields, fault.Field) {
				fields = append(fields, fault.Field)
			}
		}
		if got := strings.Join(fields, " "); got != test.fields {
			t.Errorf("%+v: %v", test.place, faults)
		}
	}
}

func TestListing(t *testing.T) {
	key := func(keys ...string) (out []Stored) {
		for i, k := range keys {
			out = append(out, Stored{Key: k, Size: 10, Modified: noon.Add(time.Duration(i) * time.Minute)})
		}
		return out
	}
	got := Group("b", "d", key(
		"d/20261122T140501Z/shop.sql.zst", "d/20261122T140501Z/shop.manifest.json", "d/20261122T140501Z/my%20shop.sql",
		// The older service: any folder, no manifest.
		"d/2018/01/shop.sql",
		"d/n/shop/2026/11/22-140501.12/BACKUP_MANIFEST", "d/n/shop/2026/11/22-140501.12/data/1.sst", "d/n/shop/2026/11/21-140501.00/BACKUP_MANIFEST",
		"d/n/shop/incrementals/2026/11/22-140501.12/20261122/150501.00/BACKUP_MANIFEST", "d/n/shop/metadata/latest/LATEST-1", "d/n/shop.manifest.json",
		// Neither: no folder, other suffixes, another folder, a manifest alone.
		"d/shop.sql", "d/x/readme.txt", "other/x/shop.sql", "d/y/gone.manifest.json", "d/x/.sql",
		// An increment of a full backup that is gone.
		"d/n/shop/incrementals/2026/11/20-140501.12/20261122/150501.00/BACKUP_MANIFEST",
	))
	at := func(minute int) time.Time { return noon.Add(time.Duration(minute) * time.Minute) }
	want := []Found{
		{Place: Place{"b", "d", "2018/01", "shop"}, Method: Dump, Object: "d/2018/01/shop.sql", Compression: Plain, Size: 10, Modified: at(3)},
		{Place: Place{"b", "d", "20261122T140501Z", "my shop"}, Method: Dump, Object: "d/20261122T140501Z/my%20shop.sql", Compression: Plain, Size: 10, Modified: at(2)},
		{Place: Place{"b", "d", "20261122T140501Z", "shop"}, Method: Dump, Object: "d/20261122T140501Z/shop.sql.zst", Compression: Zstd, HasManifest: true, Size: 10, Modified: at(0)},
		{Place: Place{"b", "d", "n", "shop"}, Method: Native, HasManifest: true, Subfolders: []string{"2026/11/21-140501.00", "2026/11/22-140501.12"}, Size: 60, Modified: at(15)},
	}
	if len(got) != len(want) {
		t.Fatalf("%+v", got)
	}
	for i := range want {
		if !reflect.DeepEqual(got[i], want[i]) {
			t.Errorf("%+v\nwant\n%+v", got[i], want[i])
		}
	}
}

func TestCompressions(t *testing.T) {
	for _, c := range Compressions {
		if got, fault := ParseCompression(string(c)); got != c || fault != nil {
			t.Errorf("%s: %s, %v", c, got, fault)
		}
	}
	if c, fault := ParseCompression(""); c != Gzip || fault != nil {
		t.Errorf("%s, %v", c, fault)
	}
	if _, fault := ParseCompression("bzip2"); fault == nil || !strings.Contains(fault.Remedy, "gzip") {
		t.Errorf("%v", fault)
	}
}

// dumpManifest is a sound manifest of a dump, nativeManifest of a native backup with an increment.
func dumpManifest() Manifest {
	return Manifest{
		Format: 1, Service: "cockroachdb", Database: "my shop", Method: Dump, Version: "v20.1.5", Snapshot: noon, Started: noon, Ended: noon.Add(time.Minute),
		Tables: []Table{{Name: "orders", Kind: "table", Rows: 2}, {Name: "<big>", Kind: "view"}, {Schema: "audit", Name: "log", Kind: "table", Rows: 1}},
		Rows:   3, Bytes: 4000, Stored: 1000, Compress: Zstd, SHA256: strings.Repeat("0123456789abcdef", 4), Object: "my%20shop.sql.zst",
		Bound: []Bound{{Name: "<big>", Kind: "view", Databases: []string{"my shop", "other"}}}, Tool: "1.2.3", By: tasks.BySchedule, Job: "0190",
	}
}

func nativeManifest() Manifest {
	m := dumpManifest()
	m.Method, m.Version, m.Compress, m.SHA256, m.Object, m.Bound = Native, "v24.1.6", "", "", "", nil
	m.Collection, m.Subfolder, m.By = "my%20shop", "2026/11/22-120000.00", tasks.ByOperator
	m.Incremental = []Increment{{Snapshot: noon.Add(time.Hour), Rows: 1, Bytes: 10, Job: "0191"}}
	return m
}

func TestManifest(t *testing.T) {
	for name, m := range map[string]Manifest{"dump.json": dumpManifest(), "native.json": nativeManifest()} {
		data, err := m.Encode()
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join("testdata", name)
		if *update {
			if err := os.WriteFile(path, data, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(data, want) {
			t.Errorf("%s differs; run with -update if that is meant.\ngot:\n%s\nwant:\n%s", path, data, want)
		}
		back, err := ParseManifest(data)
		if err != nil || !reflect.DeepEqual(back, m) {
			t.Errorf("%s: came back as %+v, %v", name, back, err)
		}
		more := bytes.Replace(data, []byte(`"format": 1`), []byte(`"format": 1, "news": {"x": [1]}`), 1)
		if back, err := ParseManifest(more); err != nil || !reflect.DeepEqual(back, m) {
			t.Errorf("%s with a field of tomorrow: %v", name, err)
		}
	}
	if got := nativeManifest().Newest(); !got.Equal(noon.Add(time.Hour)) {
		t.Errorf("the newest snapshot is %s", got)
	}
}

func TestManifestsThatAreRefused(t *testing.T) {
	change := func(f func(*Manifest)) []byte {
		m := dumpManifest()
		f(&m)
		data, err := m.Encode()
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	tests := map[string][]byte{
		"is not what this service writes":   []byte("{"),
		"has no format":                     []byte("{}"),
		"restore with the version of":       change(func(m *Manifest) { m.Format = 2 }),
		"no database":                       change(func(m *Manifest) { m.Database = "" }),
		"a size is negative":                change(func(m *Manifest) { m.Stored = -1 }),
		"3 rows together, the total says 4": change(func(m *Manifest) { m.Rows = 4 }),
		"does not belong to database":       change(func(m *Manifest) { m.Object = "../other/secret.sql" }),
		"packed as \"gzip\"":                change(func(m *Manifest) { m.Compress = Gzip }),
		"is no SHA-256":                     change(func(m *Manifest) { m.SHA256 = strings.Repeat("G", 64) }),
		"no method \"auto\"":                change(func(m *Manifest) { m.Method = Auto }),
		"the collection \"..\"":             change(func(m *Manifest) { m.Method, m.Collection = Native, ".." }),
		"the sub-folder \"../x\"":           change(func(m *Manifest) { m.Method, m.Collection, m.Subfolder = Native, "my%20shop", "../x" }),
		"it was not written by this":        bytes.Repeat([]byte(" "), MaxManifest+1),
	}
	for says, data := range tests {
		if _, err := ParseManifest(data); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v", says, err)
		}
	}
}

func TestCheck(t *testing.T) {
	m := dumpManifest()
	for _, test := range []struct {
		size int64
		sum  string
		says string
	}{{1000, "", ""}, {1000, m.SHA256, ""}, {999, m.SHA256, "has 999 bytes"}, {1000, strings.Repeat("0", 64), "was changed"}} {
		err := m.Check(test.size, test.sum)
		if (err == nil) != (test.says == "") || err != nil && !strings.Contains(err.Error(), test.says) {
			t.Errorf("%+v: %v", test, err)
		}
	}
}

func TestRenaming(t *testing.T) {
	m := dumpManifest()
	if fault := m.CanRename("my shop"); fault != nil {
		t.Error(fault)
	}
	if fault := nativeManifest().CanRename("x"); fault != nil {
		t.Error(fault)
	}
	if fault := m.CanRename("x"); fault == nil || !strings.Contains(fault.Message, "view <big>") {
		t.Error(fault)
	}
	m.Bound[0].Databases = []string{"other"}
	if fault := m.CanRename("x"); fault != nil {
		t.Error(fault)
	}
	if notes := BoundNotes(m.Bound, m.Database); len(notes) != 1 || !strings.Contains(notes[0], `"other"`) {
		t.Error(notes)
	}
	var many []Bound
	for range 7 {
		many = append(many, Bound{"v", "view", []string{"my shop"}})
	}
	if fault := BoundFault(many, "my shop", "x"); fault == nil || !strings.Contains(fault.Message, "and 2 more") {
		t.Error(fault)
	}
}

func TestChoose(t *testing.T) {
	tests := []struct {
		wanted, version string
		want            Method
		says            string
	}{
		{"", "v20.1.5", Dump, ""}, {"auto", "v2.0.0", Dump, ""}, {"auto", "v20.2.0", Native, ""}, {"auto", "v25.4.0", Native, ""},
		{"auto", "v20.2.0-rc.1", Dump, ""}, {"auto", "v21.1.0", Native, ""},
		{"dump", "v20.2.19", Dump, ""}, {"dump", "v21.1.0", "", "v21.1.0 has no"}, {"dump", "v24.1.6", "", "--method native"},
		{"native", "v20.2.0", Native, ""}, {"native", "v20.1.5", "", "enterprise licence"}, {"native", "v2.0.7", "", "--method dump"},
		{"fast", "v24.1.6", "", "auto, dump or native"},
	}
	for _, test := range tests {
		got, fault := Choose(test.wanted, version(t, test.version))
		if got != test.want || (fault == nil) != (test.says == "") || fault != nil && !strings.Contains(fault.Error(), test.says) {
			t.Errorf("%s on %s: %s, %v", test.wanted, test.version, got, fault)
		}
	}
	if _, fault := CheckIncremental(Dump, version(t, "v20.1.5")); fault == nil {
		t.Error("an incremental dump was taken")
	}
	if note, fault := CheckIncremental(Native, version(t, "v22.1.0")); fault != nil || !strings.Contains(note, "v22.1.0 needs an enterprise licence") {
		t.Errorf("%s, %v", note, fault)
	}
}

func TestRestorable(t *testing.T) {
	for from, want := range map[string]string{
		"20.1": "", "20.2": "20.2 21.1", "23.2": "23.2 24.1", "24.1": "24.1 24.2 24.3", "24.2": "24.2 24.3", "24.3": "24.3 25.1 25.2", "25.2": "25.2 25.3 25.4", "25.4": "25.4",
	} {
		if got := strings.Join(Restorable(from), " "); got != want {
			t.Errorf("%s: %s, want %s", from, got, want)
		}
	}
}

func TestCanRestore(t *testing.T) {
	tests := []struct {
		method   Method
		from, to string
		newer    bool
		note     string
		says     string
	}{
		{Dump, "v20.1.5", "v20.1.17", false, "", ""},
		{Dump, "v20.1.17", "v20.1.5", false, "", ""},
		{Dump, "v19.2.1", "v24.1.6", false, "interleaved", ""},
		{Dump, "v20.1.5", "v19.2.1", false, "", "--newer-dump"},
		{Dump, "v20.1.5", "v19.2.1", true, "later CockroachDB v20.1.5", ""},
		{Dump, "", "v19.2.1", false, "no manifest", ""},
		{Native, "v24.1.6", "v24.1.1", false, "", ""},
		{Native, "v24.1.6", "v24.3.1", false, "", ""},
		{Native, "v24.1.6", "v25.1.0", true, "", "goes into v24.1, v24.2 and v24.3 only"},
		{Native, "v24.1.6", "v23.2.0", true, "", "never goes into an older"},
		{Native, "v24.1.6", "v20.1.5", true, "", "cannot read native"},
		{Native, "v26.1.0", "v27.1.0", true, "", "nothing is known"},
		{Native, "v26.1.0", "v26.1.1", true, "", ""},
		{Native, "", "v22.1.0", false, "no manifest", ""},
	}
	for _, test := range tests {
		notes, fault := CanRestore(test.method, version(t, test.from), version(t, test.to), test.newer)
		if (fault == nil) != (test.says == "") || fault != nil && (!strings.Contains(fault.Error(), test.says) || fault.Remedy == "") {
			t.Errorf("%+v: %v", test, fault)
		}
		if all := strings.Join(notes, " "); (all == "") != (test.note == "") || !strings.Contains(all, test.note) {
			t.Errorf("%+v: notes %q", test, all)
		}
	}
}

func TestRetention(t *testing.T) {
	day := 24 * time.Hour
	make := func(name string, age time.Duration, change ...func(*Kept)) Kept {
		m := dumpManifest()
		m.Snapshot, m.Cluster = noon.Add(-age), "c1"
		k := Kept{Place: Place{BackupDir: name, Database: m.Database}, Manifest: m}
		for _, f := range change {
			f(&k)
		}
		return k
	}
	byHand := func(k *Kept) { k.Manifest.By = tasks.ByOperator }
	chain := func(k *Kept) { k.Manifest.Incremental = []Increment{{Snapshot: noon.Add(-day / 2)}} }
	tests := []struct {
		name    string
		count   int
		age     time.Duration
		backups []Kept
		want    string
	}{
		{"no limit", 0, 0, []Kept{make("a", 900*day), make("b", day)}, ""},
		{"count", 2, 0, []Kept{make("a", 3*day), make("c", day), make("b", 2*day), make("d", 0)}, "a b"},
		{"age", 0, 2 * day, []Kept{make("a", 3*day), make("b", 2*day), make("c", day)}, "a"},
		{"either", 2, 2 * day, []Kept{make("a", 3*day), make("b", day), make("c", day/2), make("d", 0)}, "a b"},
		{"the newest stays, however old", 1, day, []Kept{make("a", 90*day)}, ""},
		{"the newest stays, by hand too", 1, day, []Kept{make("a", 9*day), make("b", 8*day, byHand)}, "a"},
		{"by hand is neither removed nor counted", 1, 0, []Kept{make("a", 3*day, byHand), make("b", 2*day), make("c", day, byHand), make("d", day/2)}, "b"},
		{"other services and databases", 1, day, []Kept{
			make("a", 9*day, func(k *Kept) { k.Manifest.Service = "other" }), make("b", 9*day, func(k *Kept) { k.Manifest.Database = "x" }),
			make("c", 9*day, func(k *Kept) { k.Place.Database = "x" }), make("d", 8*day), make("e", 0)}, "d"},
		{"other clusters, whose services may have the same name", 1, day, []Kept{
			make("a", 9*day, func(k *Kept) { k.Manifest.Cluster = "c2" }), make("b", 9*day, func(k *Kept) { k.Manifest.Cluster = "" }), make("c", 8*day), make("d", 0)}, "c"},
		{"a chain is as old as its newest part", 0, 2 * day, []Kept{make("a", 9*day, chain), make("b", 0)}, ""},
		{"a chain counts once", 1, 0, []Kept{make("a", 9*day, chain), make("b", 3*day)}, "b"},
	}
	for _, test := range tests {
		before := slices.Clone(test.backups)
		var got []string
		for _, b := range (Retention{Service: "cockroachdb", Cluster: "c1", Database: "my shop", Count: test.count, Age: test.age}).Remove(test.backups, noon) {
			got = append(got, b.Place.BackupDir)
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("%s: %v, want %s", test.name, got, test.want)
		}
		if !reflect.DeepEqual(before, test.backups) {
			t.Errorf("%s: the list was changed", test.name)
		}
	}
}

func TestProgress(t *testing.T) {
	if got := Rate(100, 4*time.Second); got != 25 {
		t.Error(got)
	}
	if left, known := Left(100, 300, 4*time.Second); !known || left != 8*time.Second {
		t.Error(left, known)
	}
	for _, c := range [][3]int64{{0, 300, 4}, {100, 0, 4}, {100, 300, 0}, {400, 300, 4}} {
		if _, known := Left(c[0], c[1], time.Duration(c[2])*time.Second); known {
			t.Error(c)
		}
	}
}

func TestMarks(t *testing.T) {
	m := Mark{Format: ManifestFormat, Job: "j", Service: "crdb", Cluster: "c", Database: "shop", Into: "copy", Snapshot: noon, Subfolder: "2026/11/22-140501.12", Began: noon, DatabaseJob: 1229738199966056449}
	text, err := m.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if got, err := ParseMark(text); err != nil || !reflect.DeepEqual(got, m) {
		t.Errorf("%+v, %v", got, err)
	}
	if !m.Of("crdb", "c", "shop", "copy") || m.Of("crdb", "", "shop", "copy") || m.Of("crdb", "c", "shop", "") || m.Of("other", "c", "shop", "copy") {
		t.Error("whose the mark is")
	}
	for name, text := range map[string]string{
		"no JSON": "x", "of nobody": `{"format": 1}`, "of the future": `{"format": 2, "job": "j", "service": "s", "database": "d"}`, "long": strings.Repeat(" ", MaxMark) + "{}",
		"elsewhere": `{"format": 1, "job": "j", "service": "s", "database": "d", "subfolder": "../.."}`,
	} {
		if _, err := ParseMark([]byte(text)); err == nil {
			t.Errorf("a mark that is %s is taken", name)
		}
	}
}

func TestPlacesInCollections(t *testing.T) {
	week := Place{Dir: "d", BackupDir: "week", Database: "my shop"}
	inside := Place{Dir: "d", BackupDir: "week/my%20shop/old", Database: "orders"}
	if above := inside.Above(); !reflect.DeepEqual(above, []Place{week, {Dir: "d", BackupDir: "week/my%20shop", Database: "old"}}) {
		t.Errorf("above %+v", above)
	}
	if !week.Holds(inside) || week.Holds(week) || inside.Holds(week) || week.Holds(Place{Dir: "d", BackupDir: "week/my%20shop2", Database: "x"}) {
		t.Error("what holds what")
	}
	if entry, _ := ParseKey("d", "d/week/my%20shop/2026/11/22-140501.12/data/1.sst"); !week.Same(entry) || inside.Same(entry) {
		t.Errorf("%+v", entry)
	}
	for _, dir := range []string{"week/shop/2026/11/22-140501.12", "a/b/metadata"} {
		if _, faults := Normalise(Place{Bucket: "bucket", BackupDir: dir, Database: "x"}); len(faults) != 1 || !strings.Contains(faults[0].Message, "native backup") {
			t.Errorf("%s: %v", dir, faults)
		}
	}
}
