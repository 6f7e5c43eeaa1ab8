package s3

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	store "github.com/dcos-cockroachdb/dcos-cockroachdb/test/s3"
)

func TestListAndDelete(t *testing.T) {
	s := store.Start(t, store.Options{})
	c, bucket := connect(t, s, nil)
	var keys []string
	for i := range 1003 { // more than a page, and more than one batch of deletions
		keys = append(keys, fmt.Sprintf("many/%04d", i))
	}
	keys = append(keys, "other/a/1", "other/a/2", "other/b/1", "other/top")
	for _, key := range keys {
		if err := c.Put(soon(t), bucket, key, []byte(key), "text/plain"); err != nil {
			t.Fatal(err)
		}
	}
	list := func(prefix, delimiter string) (objects, folders []string) {
		t.Helper()
		err := c.List(soon(t), bucket, prefix, delimiter,
			func(o Object) error {
				if o.Size != int64(len(o.Key)) || o.ETag == "" || strings.Contains(o.ETag, `"`) || o.LastModified.IsZero() {
					t.Errorf("%+v", o)
				}
				objects = append(objects, o.Key)
				return nil
			},
			func(prefix string) error { folders = append(folders, prefix); return nil })
		if err != nil {
			t.Fatal(err)
		}
		return objects, folders
	}
	if got, _ := list("", ""); !slices.Equal(got, keys) {
		t.Errorf("all: %d of %d", len(got), len(keys))
	}
	if got, folders := list("other/", "/"); !slices.Equal(got, []string{"other/top"}) || !slices.Equal(folders, []string{"other/a/", "other/b/"}) {
		t.Errorf("with a delimiter: %v %v", got, folders)
	}
	if err := c.List(soon(t), bucket, "", "", nil, nil); err != nil {
		t.Error(err)
	}
	stop := errors.New("enough")
	seen := 0
	if err := c.List(soon(t), bucket, "", "", func(Object) error { seen++; return stop }, nil); err != stop || seen != 1 {
		t.Errorf("stopped list: %v after %d", err, seen)
	}

	if err := c.Delete(soon(t), bucket, append(keys[:len(keys)-1], "never/was/there")...); err != nil {
		t.Error(err)
	}
	if got := s.Objects(bucket); !slices.Equal(got, []string{"other/top"}) {
		t.Errorf("after the deletion: %v", got)
	}
	if err := c.Delete(soon(t), bucket); err != nil {
		t.Errorf("nothing to delete: %v", err)
	}
}

// TestAbortStaleTakesNoOtherKey: a key may be the beginning of another service's.
func TestAbortStaleTakesNoOtherKey(t *testing.T) {
	s := store.Start(t, store.Options{})
	c, bucket := connect(t, s, nil)
	for _, key := range []string{"a/bank.sql", "a/bank.sql.gz", "a/bank.sql.gz", "a/bank.sqlite.sql", "a/bank.sql.gz.sql", "b/bank.sql"} {
		s.Begin(bucket, key)
	}
	n, err := c.AbortStale(soon(t), bucket, "a/bank.sql", "a/bank.sql.gz", "a/bank.sql.zst")
	if err != nil || n != 3 {
		t.Errorf("aborted %d: %v", n, err)
	}
	if left := s.Uploads(bucket); !slices.Equal(left, []string{"a/bank.sql.gz.sql", "a/bank.sqlite.sql", "b/bank.sql"}) {
		t.Errorf("left: %v", left)
	}
	if n, err := c.AbortStale(soon(t), bucket, "a/bank.sql", "a/bank.sql.gz"); err != nil || n != 0 {
		t.Errorf("a second time: %d, %v", n, err)
	}
}

func TestAContextThatHasEndedIsNoFaultOfTheStore(t *testing.T) {
	s := store.Start(t, store.Options{})
	c, bucket := connect(t, s, nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for name, err := range map[string]error{
		"check":  c.CheckBucket(ctx, bucket),
		"put":    c.Put(ctx, bucket, "k", nil, ""),
		"list":   c.List(ctx, bucket, "", "", nil, nil),
		"delete": c.Delete(ctx, bucket, "k"),
		"get":    func() error { _, _, err := c.Get(ctx, bucket, "k"); return err }(),
		"head":   func() error { _, err := c.Head(ctx, bucket, "k"); return err }(),
		"stale":  func() error { _, err := c.AbortStale(ctx, bucket, "k"); return err }(),
		"upload": func() error { _, err := c.Upload(ctx, bucket, "k", nil, nil); return err }(),
	} {
		if fault := (*Error)(nil); !errors.Is(err, context.Canceled) || errors.As(err, &fault) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
