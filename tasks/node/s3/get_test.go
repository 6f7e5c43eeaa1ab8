package s3

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	store "github.com/dcos-cockroachdb/dcos-cockroachdb/test/s3"
)

func isGet(r *http.Request) bool { return r.Method == http.MethodGet && r.URL.Path != "/" }

func TestReadOverABadNetwork(t *testing.T) {
	for name, spoil := range map[string]func(*store.Proxy){
		"every third request is told to slow down": func(p *store.Proxy) { p.SlowDown(0.34) },
		// More cuts than retries, each after some headway.
		"cut every two megabytes": func(p *store.Proxy) { p.Cut(store.Cut{Match: isGet, Answer: true, After: 2 * mib, Times: 10}) },
		// Fewer cuts than retries, without headway.
		"cut at once":        func(p *store.Proxy) { p.Cut(store.Cut{Match: isGet, Answer: true, After: 1, Times: 7}) },
		"no answer at first": func(p *store.Proxy) { p.Cut(store.Cut{Match: isGet, Answer: true, Before: true, Times: 3}) },
	} {
		t.Run(name, func(t *testing.T) {
			s := store.Start(t, store.Options{Proxy: true})
			c, bucket := connect(t, s, nil)
			want := content(23*mib + 5)
			s.Put(bucket, "k", want)
			spoil(s.Proxy)
			reader, object, err := c.Get(soon(t), bucket, "k")
			if err != nil {
				t.Fatal(err)
			}
			defer reader.Close()
			got, err := io.ReadAll(reader)
			if err != nil || object.Size != int64(len(want)) || !bytes.Equal(got, want) {
				t.Errorf("read %d of %d: %v", len(got), len(want), err)
			}
		})
	}
}

func TestAReadThatCannotGoOnSaysSo(t *testing.T) {
	s := store.Start(t, store.Options{Proxy: true})
	c, bucket := connect(t, s, nil)
	s.Put(bucket, "k", content(4*mib))
	s.Proxy.Cut(store.Cut{Match: isGet, Answer: true, After: 1000, Times: 1000})
	reader, _, err := c.Get(soon(t), bucket, "k")
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	_, err = io.ReadAll(reader)
	if fault := (*Error)(nil); !errors.As(err, &fault) || fault.Kind != Unreachable {
		t.Errorf("got %v", err)
	}
	gets := 0
	for _, r := range s.Proxy.Requests() {
		if r.Method == http.MethodGet {
			gets++
		}
	}
	if gets != standardRetries+1 {
		t.Errorf("%d requests, want %d", gets, standardRetries+1)
	}
}

func TestAnObjectReplacedInTheMiddleIsNotMixed(t *testing.T) {
	s := store.Start(t, store.Options{Proxy: true})
	c, bucket := connect(t, s, nil)
	s.Put(bucket, "k", content(4*mib))
	s.Proxy.Cut(store.Cut{Match: isGet, Answer: true, After: mib, Times: 1})
	reader, _, err := c.Get(soon(t), bucket, "k")
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	s.Put(bucket, "k", bytes.Repeat([]byte("other"), mib))
	got, err := io.ReadAll(reader)
	if err == nil || !strings.Contains(err.Error(), "was replaced") || len(got) != mib {
		t.Errorf("read %d: %v", len(got), err)
	}
}

// TestASecondReadingIsOfTheSameObject, also at a store that does not know conditions.
func TestASecondReadingIsOfTheSameObject(t *testing.T) {
	s := store.Start(t, store.Options{})
	c, bucket := connect(t, s, nil)
	s.Put(bucket, "k", content(mib))
	first, object, err := c.Get(soon(t), bucket, "k")
	if err != nil {
		t.Fatal(err)
	}
	_ = first.Close()
	again, _, err := c.GetSame(soon(t), bucket, object)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(again); err != nil || !bytes.Equal(got, content(mib)) {
		t.Errorf("read %d: %v", len(got), err)
	}
	s.Put(bucket, "k", bytes.Repeat([]byte("x"), mib))
	if _, _, err := c.GetSame(soon(t), bucket, object); err == nil || !strings.Contains(err.Error(), "was replaced since") {
		t.Errorf("another object of that size: %v", err)
	}

	careless := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"other"`)
		w.Header().Set("Content-Length", strconv.Itoa(mib))
		_, _ = w.Write(content(mib))
	}))
	t.Cleanup(careless.Close)
	c, err = newClient(Options{Region: "us-west-1", Endpoint: careless.URL, Keys: Keys{"a", "b", ""}}, brisk)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := c.GetSame(soon(t), bucket, object); err == nil || !strings.Contains(err.Error(), "was replaced since") {
		t.Errorf("a store that does not know conditions: %v", err)
	}
}

func TestAStalledConnectionIsNoticed(t *testing.T) {
	s := store.Start(t, store.Options{Proxy: true})
	c, bucket := connect(t, s, func(o *Options, t *tuning) { o.Retries, t.stall = 1, 300*time.Millisecond })
	s.Put(bucket, "k", content(16*mib))
	stood := func(when string, err error) {
		t.Helper()
		fault := (*Error)(nil)
		if !errors.As(err, &fault) || fault.Kind != Unreachable || !strings.Contains(fault.Problem, "stood still") {
			t.Errorf("%s: %v", when, err)
		}
	}

	reader, _, err := c.Get(soon(t), bucket, "k")
	if err != nil {
		t.Fatal(err)
	}
	s.Proxy.Block()
	_, err = io.Copy(io.Discard, reader)
	stood("in the middle of a read", err)
	_ = reader.Close()

	stood("before an answer", c.CheckBucket(soon(t), bucket))

	u, err := c.Upload(soon(t), bucket, "new", nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	_, err = u.Write(content(6 * mib))
	stood("at the beginning of an upload", err)
	s.Proxy.Release()
	if err := u.Abort(); err != nil {
		t.Error(err)
	}
}

func TestClosingAReadEarlyEndsTheRequest(t *testing.T) {
	s := store.Start(t, store.Options{Proxy: true})
	c, bucket := connect(t, s, nil)
	s.Put(bucket, "k", content(32*mib))
	reader, _, err := c.Get(soon(t), bucket, "k")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(reader, make([]byte, mib)); err != nil {
		t.Fatal(err)
	}
	s.Proxy.Block()
	if err := reader.Close(); err != nil {
		t.Error(err)
	}
	if _, err := reader.Read(make([]byte, 1)); err == nil {
		t.Error("a closed reader reads on")
	}
}
