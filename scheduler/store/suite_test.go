package store_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/store"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/store/storetest"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/store/zktest"
)

const root = "dcos-service-cockroachdb"

func TestMemory(t *testing.T) {
	storetest.Run(t, func(*testing.T) storetest.Opener {
		disk := store.NewMemory()
		return func() (store.Store, error) { return disk.Open(), nil }
	})
}

func TestFile(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Opener {
		return opener("file://" + t.TempDir() + "/made/on%20demand")
	})
}

func TestZooKeeper(t *testing.T) {
	server := zktest.Start(t)
	var n atomic.Int32
	storetest.Run(t, func(*testing.T) storetest.Opener {
		return opener(server.URL(fmt.Sprintf("/chroot/%d", n.Add(1))))
	})
}

// opener opens a url with times for tests: a session of 20 ticks, operations of up to 20 s.
func opener(url string, more ...store.Option) storetest.Opener {
	return func() (store.Store, error) {
		opts := append([]store.Option{
			store.WithSessionTimeout(20 * zktest.Tick),
			store.WithConnectTimeout(20 * time.Second),
			store.WithOperationTimeout(20 * time.Second),
		}, more...)
		return store.Open(context.Background(), url, root, opts...)
	}
}

// inBackground runs something and returns a function that waits for its error.
func inBackground(f func() error) (wait func() error) {
	var err error
	var wg sync.WaitGroup
	wg.Go(func() { err = f() })
	return func() error { wg.Wait(); return err }
}

// eventually polls until done, for at most 30 s.
func eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !done(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("never happened: %s", what)
		}
	}
}
