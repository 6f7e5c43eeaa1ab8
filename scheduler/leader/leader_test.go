package leader_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/leader"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/store"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/store/zkconn"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/store/zktest"
)

const root = "dcos-service-cockroachdb"

// session is the longest that a test server grants, and so long that a machine which is busy with other tests keeps it: between the
// end of the old leader's fence and the successor's lock lies a third of it.
const (
	tick    = 2 * zktest.Tick
	session = 20 * tick
)

// patience bounds what has to come.
const patience = 60 * time.Second

// sideBySide is how many tests run at once: they wait much more than they work.
const sideBySide = "5"

func TestMain(m *testing.M) {
	flag.Parse()
	if parallel := flag.Lookup("test.parallel"); parallel.Value.String() == parallel.DefValue {
		if err := parallel.Value.Set(sideBySide); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

func start(t *testing.T) *zktest.Server {
	t.Helper()
	return zktest.Start(t, zktest.WithTick(tick))
}

func holder(name string) leader.Holder {
	return leader.Holder{Host: name, PID: 4711, Started: time.Date(2025, 1, 31, 10, 0, 0, 0, time.UTC)}
}

// contender is an Acquire in the background.
type contender struct {
	name     string
	cancel   context.CancelFunc
	done     chan struct{}
	mu       sync.Mutex
	reported []string
	got      *leader.Leadership
	at       time.Time // when the lock came
	err      error
}

func contend(t *testing.T, url, name string) *contender {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	c := &contender{name: name, cancel: cancel, done: make(chan struct{})}
	go func() {
		defer close(c.done)
		c.got, c.err = leader.Acquire(ctx, url, root, leader.WithSessionTimeout(session), leader.WithHolder(holder(name)),
			leader.WithConnectTimeout(patience), leader.WithWaiting(func(h leader.Holder) {
				c.mu.Lock()
				defer c.mu.Unlock()
				c.reported = append(c.reported, h.Host)
			}))
		c.at = time.Now()
	}()
	t.Cleanup(func() {
		cancel()
		<-c.done
		if c.got != nil {
			c.got.Release()
		}
	})
	return c
}

func (c *contender) mustWin(t *testing.T) *leader.Leadership {
	t.Helper()
	within(t, c.name+" getting the lock", c.done)
	if c.err != nil {
		t.Fatalf("%s: %v", c.name, c.err)
	}
	return c.got
}

// mustWait waits until the contender has said that somebody holds the lock.
func (c *contender) mustWait(t *testing.T, who string) {
	t.Helper()
	eventually(t, c.name+" waiting for "+who, func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		return len(c.reported) > 0 && c.reported[len(c.reported)-1] == who
	})
}

func within(t *testing.T, what string, done <-chan struct{}) {
	t.Helper()
	select {
	case <-done:
	case <-time.After(patience):
		t.Fatalf("never happened: %s", what)
	}
}

func eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !done(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("never happened: %s", what)
		}
	}
}

func admin(t *testing.T, server *zktest.Server) *zkconn.Conn {
	t.Helper()
	c, err := zkconn.Dial(context.Background(), zkconn.Settings{Servers: []string{server.Address()}, Session: session})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func TestReleaseHandsOver(t *testing.T) {
	t.Parallel()
	url := start(t).URL("/some/chroot")
	first := contend(t, url, "first").mustWin(t)
	if !first.Held() || first.Err() != nil {
		t.Fatalf("the holder does not hold: %v", first.Err())
	}
	second := contend(t, url, "second")
	second.mustWait(t, "first")
	third := contend(t, url, "third")
	third.mustWait(t, "first")

	first.Release()
	within(t, "Lost closing on Release", first.Lost())
	if first.Held() || !errors.Is(first.Err(), leader.ErrReleased) {
		t.Errorf("after Release: held %v, reason %v", first.Held(), first.Err())
	}
	held := second.mustWin(t)
	third.mustWait(t, "second")
	first.Release()
	held.Release()
	third.mustWin(t)
}

func TestLeadershipLastsBeyondManySessions(t *testing.T) {
	t.Parallel()
	server := start(t)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	l, err := leader.Acquire(ctx, server.URL(""), root, leader.WithSessionTimeout(session))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Release()
	select {
	case <-l.Lost():
		t.Fatalf("lost without a reason: %v", l.Err())
	case <-time.After(3 * session):
	}
	if !l.Held() {
		t.Error("not held any more")
	}
}

// TestPartitionEndsTheOldLeaderFirst is the reason for this package: the cut-off holder stops before another can start.
func TestPartitionEndsTheOldLeaderFirst(t *testing.T) {
	server := start(t)
	proxy := zktest.NewProxy(t, server)
	old := contend(t, proxy.URL(""), "old").mustWin(t)
	successor := contend(t, server.URL(""), "successor")
	successor.mustWait(t, "old")

	proxy.Stall()
	began := time.Now()
	within(t, "the cut-off leader stopping", old.Lost())
	stopped := time.Now()
	if !errors.Is(old.Err(), leader.ErrDoubt) || old.Held() {
		t.Errorf("held %v, reason %v; want ErrDoubt", old.Held(), old.Err())
	}
	if after := stopped.Sub(began); after < session/3 || after > session*5/6 {
		t.Errorf("stopped %s into the partition, want about %s", after, session*2/3)
	}
	select {
	case <-successor.done:
		t.Fatalf("the successor got the lock before the old leader stopped (%s before)", stopped.Sub(successor.at))
	default:
	}
	successor.mustWin(t)
	t.Logf("the old leader stopped %s before the successor started", successor.at.Sub(stopped))
	if !successor.at.After(stopped) {
		t.Errorf("the successor started at %s, the old leader stopped at %s", successor.at, stopped)
	}
	proxy.Pass()
	if old.Held() {
		t.Error("a lost leadership came back")
	}
}

// TestShortTroubleIsRiddenOut: connections that break are made again before the fence closes.
func TestShortTroubleIsRiddenOut(t *testing.T) {
	t.Parallel()
	server := start(t)
	proxy := zktest.NewProxy(t, server)
	l := contend(t, proxy.URL(""), "holder").mustWin(t)
	for range 3 {
		proxy.Cut()
		sent := proxy.Sent()
		eventually(t, "talking to the server again", func() bool { return proxy.Sent() > sent+200 })
	}
	if !l.Held() {
		t.Fatalf("lost by a short trouble: %v", l.Err())
	}
}

// TestStalledServerIsLeftForAnother: of two servers one goes silent; the holder moves before the fence closes.
func TestStalledServerIsLeftForAnother(t *testing.T) {
	t.Parallel()
	server := start(t)
	one, two := zktest.NewProxy(t, server), zktest.NewProxy(t, server)
	l := contend(t, one.URL("")+","+two.Address(), "holder").mustWin(t)
	used := one
	if two.Sent() > one.Sent() {
		used = two
	}
	used.Stall()
	select {
	case <-l.Lost():
		t.Fatalf("lost although the other server answers: %v", l.Err())
	case <-time.After(2 * session):
	}
	if !l.Held() {
		t.Errorf("not held: %v", l.Err())
	}
}

// TestServerCrash: the lock moves on after the crash, even though the old leader's process hangs and never lets go.
func TestServerCrash(t *testing.T) {
	t.Parallel()
	server := start(t)
	l := contend(t, server.URL(""), "holder").mustWin(t)
	server.Kill()
	within(t, "stopping without a server", l.Lost())
	if !errors.Is(l.Err(), leader.ErrDoubt) {
		t.Errorf("reason %v, want ErrDoubt", l.Err())
	}
	waiting := contend(t, server.URL(""), "next")
	server.Restart()
	// The dead session is in the server's log; it is ended before the next gets the lock.
	waiting.mustWin(t)
}

func TestRemovedLockNodeEndsLeadership(t *testing.T) {
	t.Parallel()
	server := start(t)
	l := contend(t, server.URL(""), "holder").mustWin(t)
	c, ctx := admin(t, server), context.Background()
	lock := "/" + root + "/lock"
	names, err := c.Children(ctx, lock)
	if err != nil || len(names) != 1 {
		t.Fatalf("lock nodes %v, %v", names, err)
	}
	if err := c.Multi(ctx, zkconn.Delete(lock+"/"+names[0], zkconn.AnyVersion)); err != nil {
		t.Fatal(err)
	}
	within(t, "stopping without the node", l.Lost())
	if !errors.Is(l.Err(), leader.ErrGone) {
		t.Errorf("reason %v, want ErrGone", l.Err())
	}
}

// TestWaiterSurvivesExpiry: a waiter whose session ended queues again.
func TestWaiterSurvivesExpiry(t *testing.T) {
	t.Parallel()
	server := start(t)
	proxy := zktest.NewProxy(t, server)
	first := contend(t, server.URL(""), "first").mustWin(t)
	second := contend(t, proxy.URL(""), "second")
	second.mustWait(t, "first")
	c, ctx := admin(t, server), context.Background()
	queued := func() int {
		names, err := c.Children(ctx, "/"+root+"/lock")
		if err != nil {
			t.Fatal(err)
		}
		return len(names)
	}
	proxy.Stall()
	eventually(t, "the waiter's session ending", func() bool { return queued() == 1 })
	proxy.Pass()
	eventually(t, "the waiter queueing again", func() bool { return queued() == 2 })
	first.Release()
	second.mustWin(t)
}

func TestForeignNodesInTheQueue(t *testing.T) {
	t.Parallel()
	server := start(t)
	c, ctx := admin(t, server), context.Background()
	lock := "/" + root + "/lock"
	if err := c.MakePath(ctx, lock+"/made-by-hand"); err != nil {
		t.Fatal(err)
	}
	// What the Java SDK's lock looks like.
	sdk, err := c.CreateEphemeral(ctx, lock+"/_c_5f0c3a9e-0000-4000-8000-000000000000-lock-", []byte("10.0.0.7"))
	if err != nil {
		t.Fatal(err)
	}
	us := contend(t, server.URL(""), "us")
	us.mustWait(t, "10.0.0.7")
	if err := c.Multi(ctx, zkconn.Delete(sdk, zkconn.AnyVersion)); err != nil {
		t.Fatal(err)
	}
	us.mustWin(t)
}

func TestGivingUpNamesTheHolder(t *testing.T) {
	t.Parallel()
	server := start(t)
	contend(t, server.URL(""), "agent-7").mustWin(t)
	second := contend(t, server.URL(""), "second")
	second.mustWait(t, "agent-7")
	second.cancel()
	within(t, "giving up", second.done)
	var wait *leader.WaitError
	if !errors.As(second.err, &wait) || !errors.Is(second.err, context.Canceled) {
		t.Fatalf("got %v, want a *WaitError for a cancelled context", second.err)
	}
	if wait.Holder != holder("agent-7") {
		t.Errorf("the holder is given as %v, want %v", wait.Holder, holder("agent-7"))
	}
	c := admin(t, server)
	eventually(t, "the node of the one that gave up going away", func() bool {
		names, err := c.Children(context.Background(), "/"+root+"/lock")
		return err == nil && len(names) == 1
	})
}

func TestUnreachable(t *testing.T) {
	t.Parallel()
	_, err := leader.Acquire(context.Background(), "zk://127.0.0.1:1", root, leader.WithConnectTimeout(300*time.Millisecond))
	var unreachable *store.UnreachableError
	if !errors.As(err, &unreachable) || unreachable.Cause == nil {
		t.Fatalf("got %v, want an *UnreachableError with a cause", err)
	}
	if _, err := leader.Acquire(context.Background(), "ftp://x", root); err == nil {
		t.Fatal("a bad url was taken")
	}
}

func TestWithoutZooKeeper(t *testing.T) {
	t.Parallel()
	for _, url := range []string{"memory:", "file://" + t.TempDir()} {
		l, err := leader.Acquire(context.Background(), url, root)
		if err != nil {
			t.Fatalf("%s: %v", url, err)
		}
		if !l.Held() {
			t.Errorf("%s: not held", url)
		}
		l.Release()
		within(t, fmt.Sprintf("%s: Lost closing", url), l.Lost())
	}
}
