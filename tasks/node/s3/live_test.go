package s3

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	store "github.com/dcos-cockroachdb/dcos-cockroachdb/test/s3"
)

// brisk is the standard with waits that suit a test.
var brisk = tuning{
	stall: 30 * time.Second, patience: 30 * time.Second,
	first: time.Millisecond, slowed: time.Millisecond, most: 20 * time.Millisecond,
	abort: 20 * time.Second,
}

func optionsFor(s *store.Server) Options {
	return Options{Region: s.Region, Endpoint: s.Endpoint, CA: s.CA, Keys: Keys{AccessKeyID: s.AccessKey, SecretAccessKey: s.SecretKey}}
}

// connect gives a client of a real server with an empty bucket.
func connect(t *testing.T, s *store.Server, change func(*Options, *tuning)) (*Client, string) {
	t.Helper()
	o, tuned := optionsFor(s), brisk
	if change != nil {
		change(&o, &tuned)
	}
	c, err := newClient(o, tuned)
	if err != nil {
		t.Fatal(err)
	}
	return c, s.Bucket()
}

// content is bytes that differ at every place of a part, and from part to part.
func content(size int) []byte {
	b := make([]byte, size)
	_, _ = rand.NewChaCha8([32]byte{byte(size), byte(size >> 8), byte(size >> 16), byte(size >> 24)}).Read(b) // it has no end
	return b
}

// soon is a context for what has to end by itself.
func soon(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	t.Cleanup(cancel)
	return ctx
}
