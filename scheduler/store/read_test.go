package store_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/store"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/store/zktest"
)

func TestReadingBesideARunningScheduler(t *testing.T) {
	server := zktest.Start(t)
	for name, url := range map[string]string{"file": "file://" + t.TempDir(), "ZooKeeper": server.URL("/chroot/read")} {
		t.Run(name, func(t *testing.T) {
			ctx := context.Background()
			running, err := opener(url)()
			if err != nil {
				t.Fatal(err)
			}
			defer running.Close()
			if _, err := running.Load(ctx); err != nil {
				t.Fatal(err)
			}
			if seen, err := store.Read(ctx, url, root); err != nil || len(seen) > 0 {
				t.Errorf("of a new store: %v, %v", seen, err)
			}
			// Keys that are always stored together are never seen apart. There are so many that reading them takes about as long
			// as the break between two batches, which is when reading can succeed at all.
			stop, writes := make(chan struct{}), 0
			wait := inBackground(func() error {
				for ; ; writes++ {
					batch := store.Batch{Set: map[string][]byte{}}
					for i := range 100 {
						batch.Set[fmt.Sprintf("keys/%d", i)] = []byte(strconv.Itoa(writes))
					}
					if err := running.Apply(ctx, batch); err != nil {
						return err
					}
					select {
					case <-stop:
						return nil
					case <-time.After(50 * time.Millisecond):
					}
				}
			})
			for range 20 {
				seen, err := store.Read(ctx, url, root)
				if err != nil {
					t.Errorf("after %d values: %v", len(seen), err)
				}
				for key, value := range seen {
					if string(value) != string(seen["keys/0"]) {
						t.Errorf("%s is of write %s, keys/0 of write %s", key, value, seen["keys/0"])
					}
				}
			}
			close(stop)
			if err := wait(); err != nil {
				t.Errorf("the running scheduler was disturbed after %d writes: %v", writes, err)
			}
		})
	}
}

func TestReadingLeavesNoTrace(t *testing.T) {
	server := zktest.Start(t)
	folder := filepath.Join(t.TempDir(), "absent")
	for _, url := range []string{"file://" + folder, server.URL("/chroot/absent")} {
		if seen, err := store.Read(context.Background(), url, root); err != nil || len(seen) > 0 {
			t.Errorf("%s: %v, %v", url, seen, err)
		}
	}
	if _, err := os.Stat(folder); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the folder: %v", err)
	}
	if tree := look(t, server).tree("/chroot"); len(tree) > 0 {
		t.Errorf("in ZooKeeper: %v", tree)
	}
}

func TestReadingWhatCannotBeRead(t *testing.T) {
	if _, err := store.Read(context.Background(), "memory:", root); !errors.Is(err, store.ErrMemory) {
		t.Errorf("memory: %v", err)
	}
	if _, err := store.Read(context.Background(), "ftp://x", root); err == nil {
		t.Error("ftp: no error")
	}
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, root+".json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Read(context.Background(), "file://"+folder, root); !errors.Is(err, store.ErrCorrupt) {
		t.Errorf("a broken file: %v", err)
	}
}
