package s3

import (
	"runtime"
	"sync/atomic"
	"testing"

	store "github.com/dcos-cockroachdb/dcos-cockroachdb/test/s3"
)

func TestAnUploadOf200MBTakesLittleMemory(t *testing.T) {
	for name, test := range map[string]struct {
		step  int
		limit uint64 // of the heap in bytes, the proxy in this process included
	}{
		"equal parts":               {0, 64_000_000},
		"parts that grow to 20 MiB": {8, 90_000_000},
	} {
		t.Run(name, func(t *testing.T) {
			s := store.Start(t, store.Options{Proxy: true})
			c, bucket := connect(t, s, func(_ *Options, t *tuning) { t.step = test.step })
			s.Proxy.Rate(100_000_000)
			runtime.GC()
			var most atomic.Uint64
			measure := func() {
				var now runtime.MemStats
				runtime.ReadMemStats(&now)
				for old := most.Load(); now.HeapInuse > old && !most.CompareAndSwap(old, now.HeapInuse); old = most.Load() {
				}
			}
			u, err := c.Upload(soon(t), bucket, "k", nil, func(int64) { measure() })
			if err != nil {
				t.Fatal(err)
			}
			piece := content(mib)
			for range 200 {
				if _, err := u.Write(piece); err != nil {
					t.Fatal(err)
				}
				measure()
			}
			if done, err := u.Complete(soon(t)); err != nil || done.Bytes != 200*mib {
				t.Fatalf("%+v: %v", done, err)
			}
			if got := most.Load(); got > test.limit {
				t.Errorf("the heap grew to %d MiB", got>>20)
			} else {
				t.Logf("the heap grew to %d MiB", got>>20)
			}
		})
	}
}
