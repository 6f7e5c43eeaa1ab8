package s3

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	store "github.com/dcos-cockroachdb/dcos-cockroachdb/test/s3"
)

const mib = 1 << 20

func TestWhatIsWrittenIsWhatIsRead(t *testing.T) {
	s := store.Start(t, store.Options{})
	c, bucket := connect(t, s, func(_ *Options, t *tuning) { t.step = 2 })
	for _, size := range []int{0, 1, 1000, 5*mib - 1, 5 * mib, 5*mib + 1, 10 * mib, 33*mib + 7} {
		key := fmt.Sprintf("folder//with a space/ü%d+", size)
		want := content(size)
		var told []int64
		u, err := c.Upload(soon(t), bucket, key, map[string]string{"database": "shop"}, func(n int64) { told = append(told, n) })
		if err != nil {
			t.Fatal(err)
		}
		// Pieces that fit no boundary, one of them larger than a part.
		for rest := want; len(rest) > 0; {
			n := min(len(rest), 6*mib+13)
			if len(rest) < 20*mib {
				n = min(len(rest), 70_001)
			}
			if wrote, err := u.Write(rest[:n]); wrote != n || err != nil {
				t.Fatalf("%d bytes: wrote %d of %d: %v", size, wrote, n, err)
			}
			rest = rest[n:]
		}
		if found := s.Objects(bucket); len(found) != 0 {
			t.Fatalf("%d bytes: visible before Complete: %v", size, found)
		}
		done, err := u.Complete(soon(t))
		if err != nil {
			t.Fatal(err)
		}
		if err := u.Abort(); err != nil {
			t.Errorf("Abort after Complete: %v", err)
		}
		sum := sha256.Sum256(want)
		if done.Bytes != int64(size) || done.SHA256 != hex.EncodeToString(sum[:]) {
			t.Errorf("%d bytes: uploaded %+v", size, done)
		}
		if size > 0 && (len(told) == 0 || told[len(told)-1] != int64(size) || !slices.IsSorted(told)) {
			t.Errorf("%d bytes: progress %v", size, told)
		}
		if got := s.Read(bucket, key); !bytes.Equal(got, want) {
			t.Errorf("%d bytes: the object has others (%d)", size, len(got))
		}
		if got := s.Metadata(bucket, key)["database"]; got != "shop" {
			t.Errorf("%d bytes: metadata %q", size, got)
		}
		reader, object, err := c.Get(soon(t), bucket, key)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(reader)
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%d bytes: read %d: %v", size, len(got), err)
		}
		if err := reader.Close(); err != nil {
			t.Error(err)
		}
		head, err := c.Head(soon(t), bucket, key)
		if err != nil || head != object || object.Size != int64(size) || object.ETag != done.ETag || object.LastModified.IsZero() {
			t.Errorf("%d bytes: head %+v, get %+v, uploaded %+v: %v", size, head, object, done, err)
		}
		if err := c.Delete(soon(t), bucket, key); err != nil {
			t.Fatal(err)
		}
		if left := s.Uploads(bucket); len(left) != 0 {
			t.Errorf("%d bytes: uploads left: %v", size, left)
		}
	}
}

func TestPartsGrowOnTheWire(t *testing.T) {
	s := store.Start(t, store.Options{Proxy: true})
	c, bucket := connect(t, s, func(_ *Options, t *tuning) { t.step = 2 })
	u, err := c.Upload(soon(t), bucket, "k", nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := u.Write(content(33 * mib)); err != nil { // 5, 5, 10, 10, 3
		t.Fatal(err)
	}
	if _, err := u.Complete(soon(t)); err != nil {
		t.Fatal(err)
	}
	parts := 0
	for _, r := range s.Proxy.Requests() {
		if r.Method == http.MethodPut && strings.Contains(r.Query, "partNumber") {
			parts++
		}
	}
	if parts != 5 {
		t.Errorf("%d parts, want 5", parts)
	}
	if !bytes.Equal(s.Read(bucket, "k"), content(33*mib)) {
		t.Error("the object differs")
	}
}

func TestAbortLeavesNothing(t *testing.T) {
	s := store.Start(t, store.Options{})
	c, bucket := connect(t, s, nil)
	for _, size := range []int{0, 10, 12 * mib} {
		u, err := c.Upload(soon(t), bucket, "k", nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := u.Write(content(size)); err != nil {
			t.Fatal(err)
		}
		if size > 5*mib && len(s.Uploads(bucket)) != 1 {
			t.Error("no upload under way: this test tests nothing")
		}
		for range 2 {
			if err := u.Abort(); err != nil {
				t.Errorf("%d bytes: %v", size, err)
			}
		}
		if _, err := u.Write([]byte("x")); !errors.Is(err, errAborted) {
			t.Errorf("Write after Abort: %v", err)
		}
		if _, err := u.Complete(soon(t)); !errors.Is(err, errAborted) {
			t.Errorf("Complete after Abort: %v", err)
		}
		if o, u := s.Objects(bucket), s.Uploads(bucket); len(o)+len(u) != 0 {
			t.Errorf("%d bytes: left: %v %v", size, o, u)
		}
	}
}

func TestWriteEndsWithTheContext(t *testing.T) {
	s := store.Start(t, store.Options{Proxy: true})
	c, bucket := connect(t, s, nil)
	reason := errors.New("the operator cancelled")
	ctx, cancel := context.WithCancelCause(t.Context())
	u, err := c.Upload(ctx, bucket, "k", nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := u.Write(content(6 * mib)); err != nil {
		t.Fatal(err)
	}
	s.Proxy.Block()
	ended := make(chan error)
	go func() {
		_, err := u.Write(content(60 * mib)) // more than all buffers
		ended <- err
	}()
	s.Proxy.AwaitBlocked(standardParallel)
	select {
	case err := <-ended:
		t.Fatalf("Write ended while nothing moved: %v", err)
	default:
	}
	cancel(reason)
	if err := <-ended; !errors.Is(err, reason) {
		t.Errorf("Write: %v", err)
	}
	if _, err := u.Complete(t.Context()); !errors.Is(err, reason) {
		t.Errorf("Complete: %v", err)
	}
	s.Proxy.Release()
	if err := u.Abort(); err != nil {
		t.Error(err)
	}
	if left := s.Uploads(bucket); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
}

func TestAbortFromAnotherGoroutineEndsAWrite(t *testing.T) {
	s := store.Start(t, store.Options{Proxy: true})
	c, bucket := connect(t, s, nil)
	u, err := c.Upload(t.Context(), bucket, "k", nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	s.Proxy.Block()
	ended := make(chan error)
	go func() {
		_, err := u.Write(content(60 * mib))
		ended <- err
	}()
	s.Proxy.AwaitBlocked(1) // the upload is being created
	aborted := make(chan error)
	go func() { aborted <- u.Abort() }()
	if err := <-ended; !errors.Is(err, errAborted) {
		t.Errorf("Write: %v", err)
	}
	s.Proxy.Release()
	if err := <-aborted; err != nil {
		t.Error(err)
	}
	if left := s.Uploads(bucket); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
}

func isPart(r *http.Request) bool {
	return r.Method == http.MethodPut && r.URL.Query().Has("partNumber")
}
func isCreate(r *http.Request) bool {
	return r.Method == http.MethodPost && r.URL.Query().Has("uploads")
}
func isComplete(r *http.Request) bool {
	return r.Method == http.MethodPost && r.URL.Query().Has("uploadId")
}

func TestUploadOverABadNetwork(t *testing.T) {
	for name, spoil := range map[string]func(*store.Proxy){
		"every third request is told to slow down": func(p *store.Proxy) { p.SlowDown(0.34) },
		"parts are cut in the middle":              func(p *store.Proxy) { p.Cut(store.Cut{Match: isPart, After: 2 * mib, Times: 4}) },
		"the answers to parts are lost":            func(p *store.Proxy) { p.Cut(store.Cut{Match: isPart, Answer: true, Before: true, Times: 4}) },
		"the answer to the creation is lost":       func(p *store.Proxy) { p.Cut(store.Cut{Match: isCreate, Answer: true, Before: true, Times: 2}) },
		"the answer to the completion is lost":     func(p *store.Proxy) { p.Cut(store.Cut{Match: isComplete, Answer: true, Before: true, Times: 1}) },
	} {
		t.Run(name, func(t *testing.T) {
			s := store.Start(t, store.Options{Proxy: true})
			c, bucket := connect(t, s, nil)
			spoil(s.Proxy)
			u, err := c.Upload(soon(t), bucket, "k", nil, nil)
			if err != nil {
				t.Fatal(err)
			}
			want := content(22 * mib)
			if _, err := u.Write(want); err != nil {
				t.Fatal(err)
			}
			done, err := u.Complete(soon(t))
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(s.Read(bucket, "k"), want) || done.Bytes != int64(len(want)) {
				t.Error("the object differs")
			}
			if left := s.Uploads(bucket); len(left) != 0 {
				t.Errorf("uploads left: %v", left)
			}
		})
	}
}

// TestACompletionThatIsNeverAnsweredSaysWhatItWouldBe: the object may be there, and whoever looks must be able to tell.
func TestACompletionThatIsNeverAnsweredSaysWhatItWouldBe(t *testing.T) {
	for _, size := range []int{1000, 12 * mib} {
		s := store.Start(t, store.Options{Proxy: true})
		c, bucket := connect(t, s, nil)
		last := func(r *http.Request) bool { return isComplete(r) || r.Method == http.MethodPut && !isPart(r) }
		s.Proxy.Cut(store.Cut{Match: last, Answer: true, Before: true, Times: 1000})
		u, err := c.Upload(soon(t), bucket, "k", nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := u.Write(content(size)); err != nil {
			t.Fatal(err)
		}
		done, err := u.Complete(soon(t))
		fault := (*Error)(nil)
		if err != nil && (!errors.As(err, &fault) || fault.Kind != Unreachable) {
			t.Errorf("%d bytes: %v", size, err)
		}
		if err := u.Abort(); err != nil {
			t.Errorf("%d bytes: %v", size, err)
		}
		sum := sha256.Sum256(content(size))
		head, headErr := c.Head(soon(t), bucket, "k")
		if headErr != nil || done.Bytes != head.Size || done.SHA256 != hex.EncodeToString(sum[:]) || done.ETag != "" && done.ETag != head.ETag {
			t.Errorf("%d bytes: uploaded %+v, there is %+v (%v, %v)", size, done, head, err, headErr)
		}
	}
}

func TestAnUploadThatFailsForGoodSaysSo(t *testing.T) {
	for name, test := range map[string]struct {
		spoil func(*store.Proxy)
		want  Kind
	}{
		"slow down for ever": {func(p *store.Proxy) { p.SlowDown(1) }, Throttled},
		"cut for ever":       {func(p *store.Proxy) { p.Cut(store.Cut{Match: isPart, After: mib, Times: 1000}) }, Unreachable},
		"lost for ever": {func(p *store.Proxy) {
			p.Cut(store.Cut{Match: isCreate, Answer: true, Before: true, Times: 1000})
		}, Unreachable},
	} {
		t.Run(name, func(t *testing.T) {
			s := store.Start(t, store.Options{Proxy: true})
			c, bucket := connect(t, s, nil)
			test.spoil(s.Proxy)
			u, err := c.Upload(soon(t), bucket, "k", nil, nil)
			if err != nil {
				t.Fatal(err)
			}
			_, err = u.Write(content(60 * mib))
			if fault := (*Error)(nil); !errors.As(err, &fault) || fault.Kind != test.want {
				t.Fatalf("Write: %v, want %s", err, test.want)
			}
			if _, again := u.Complete(soon(t)); again == nil || again.Error() != err.Error() {
				t.Errorf("Complete: %v, want the same", again)
			}
			s.Proxy.SlowDown(0)
			if err := u.Abort(); err != nil {
				t.Error(err)
			}
			if o, left := s.Objects(bucket), s.Uploads(bucket); len(o)+len(left) != 0 {
				t.Errorf("left: %v %v", o, left)
			}
		})
	}
}
