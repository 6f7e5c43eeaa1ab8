package bench

import (
	"cmp"
	"slices"
	"strings"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/store/zkconn"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/store/zktest"
)

// lock looks at the queue for the lock of a service in ZooKeeper.
type lock struct {
	conn *zkconn.Conn
	path string
}

func newLock(t *testing.T, zookeeper *zktest.Server, root string) lock {
	t.Helper()
	conn, err := zkconn.Dial(t.Context(), zkconn.Settings{Servers: []string{zookeeper.Address()}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	return lock{conn: conn, path: "/" + root + "/lock"}
}

// freed wakes when whoever holds the lock now has lost it.
func (l lock) freed(t *testing.T) zkconn.Wake {
	t.Helper()
	names, err := l.conn.Children(t.Context(), l.path)
	if err != nil || len(names) == 0 {
		t.Fatalf("nobody holds the lock: %v", err)
	}
	// ZooKeeper numbers the names in the order of their making.
	number := func(name string) string { return name[strings.LastIndexByte(name, '-')+1:] }
	holder := slices.MinFunc(names, func(a, b string) int { return cmp.Compare(number(a), number(b)) })
	there, wake, err := l.conn.Watch(t.Context(), l.path+"/"+holder)
	if err != nil || !there {
		t.Fatalf("the lock's holder %s: there %v, %v", holder, there, err)
	}
	return wake
}
