package catalog

import (
	"bytes"
	"context"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/backup"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/node/s3"
)

var noon = time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)

// objects is a bucket by key. What begins with ! cannot be read.
type objects map[string]string

func (o objects) List(_ context.Context, _, prefix, _ string, each func(s3.Object) error, _ func(string) error) error {
	for i, key := range slices.Sorted(maps.Keys(o)) {
		if strings.HasPrefix(key, prefix) {
			if err := each(s3.Object{Key: key, Size: int64(len(o[key])), LastModified: noon.Add(time.Duration(i) * time.Second)}); err != nil {
				return err
			}
		}
	}
	return nil
}

var errStore = errors.New("the store does not answer")

func (o objects) Get(_ context.Context, _, key string) (io.ReadCloser, s3.Object, error) {
	if strings.HasPrefix(o[key], "!") {
		return nil, s3.Object{}, errStore
	}
	return io.NopCloser(strings.NewReader(o[key])), s3.Object{Key: key}, nil
}

func manifest(t *testing.T, database string, stored int64, at time.Time) string {
	t.Helper()
	m := backup.Manifest{Format: backup.ManifestFormat, Service: "crdb", Database: database, Method: backup.Dump, Version: "v20.1.5", Snapshot: at,
		Stored: stored, Compress: backup.Gzip, SHA256: strings.Repeat("a", 64), Object: database + ".sql.gz",
		Tables: []backup.Table{{Name: "t", Kind: "table", Rows: 3}}, Rows: 3}
	data, err := m.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return string(bytes.TrimSpace(data))
}

func TestWhatIsToldOfABackup(t *testing.T) {
	store := objects{
		"d/a/bank.sql.gz": "12345", "d/a/bank.manifest.json": manifest(t, "bank", 5, noon.Add(-time.Hour)),
		"d/b/bank.sql.gz": "1234", "d/b/bank.manifest.json": manifest(t, "bank", 5, noon.Add(-2*time.Hour)),
		"d/c/bank.sql":    "older service",
		"d/e/bank.sql.gz": "1", "d/e/bank.manifest.json": "{}",
		"d/f/bank.sql.gz": "12345", "d/f/bank.manifest.json": manifest(t, "shop", 5, noon),
		"d/a/shop.sql.gz": "12345", "d/a/shop.manifest.json": manifest(t, "shop", 5, noon.Add(-time.Hour)),
		"other/a/bank.sql": "of another folder", "d/a/readme.txt": "no backup",
	}
	all, err := List(t.Context(), store, "b", "d", "bank")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, one := range all {
		line := one.Place.BackupDir + " " + string(one.Method)
		if one.Manifest != nil {
			line += " " + one.Manifest.Version
		}
		if one.Fault != "" {
			line += ": " + one.Fault[:min(len(one.Fault), 30)]
		}
		got = append(got, line)
	}
	want := []string{"f dump: its manifest is of database sh", "e dump: the manifest has no format: it", "c dump", "a dump v20.1.5",
		"b dump v20.1.5: the object bank.sql.gz has 4 b"}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if all, err = List(t.Context(), store, "b", "d", ""); err != nil || len(all) != 6 {
		t.Errorf("of all databases: %d, %v", len(all), err)
	}
}

func TestAStoreThatFailsIsNoEmptyList(t *testing.T) {
	store := objects{"d/a/bank.sql.gz": "12345", "d/a/bank.manifest.json": "!", "d/b/bank.sql": "x"}
	if all, err := List(t.Context(), store, "b", "d", ""); !errors.Is(err, errStore) || all != nil {
		t.Errorf("got %v, %v", all, err)
	}
}
