package s3

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go/aws"
	sdk "github.com/aws/aws-sdk-go/service/s3"
)

func TestAServerKeepsObjectsOverAKill(t *testing.T) {
	for _, o := range []Options{{}, {TLS: true, Region: "eu-west-3"}} {
		s := Start(t, o)
		bucket := s.Bucket()
		s.Put(bucket, "a/b", []byte("content"))
		s.Begin(bucket, "c")
		pid := s.Pid()
		s.Kill()
		if err := syscall.Kill(pid, 0); err != syscall.ESRCH {
			t.Errorf("after Kill: %v", err)
		}
		s.Restart()
		if got := s.Read(bucket, "a/b"); string(got) != "content" {
			t.Errorf("read %q", got)
		}
		if objects, uploads := s.Objects(bucket), s.Uploads(bucket); !slices.Equal(objects, []string{"a/b"}) || !slices.Equal(uploads, []string{"c"}) {
			t.Errorf("objects %v, uploads %v", objects, uploads)
		}
		log, err := os.ReadFile(s.LogFile())
		if err != nil || strings.Contains(string(log), s.SecretKey) {
			t.Errorf("the server's log (%v):\n%s", err, log)
		}
	}
}

// through talks to the server through the proxy, and tries once.
func through(s *Server) *sdk.S3 {
	api := s.api()
	api.Endpoint, api.ClientInfo.Endpoint = s.Endpoint, s.Endpoint
	api.Config.MaxRetries, api.Retryer = aws.Int(0), nil
	return api
}

func put(api *sdk.S3, bucket, key string, size int) error {
	_, err := api.PutObject(&sdk.PutObjectInput{Bucket: &bucket, Key: &key, Body: bytes.NewReader(make([]byte, size))})
	return err
}

func TestTheProxySpoilsWhatItIsToldTo(t *testing.T) {
	for _, o := range []Options{{Proxy: true}, {Proxy: true, TLS: true}} {
		t.Run(fmt.Sprintf("TLS %t", o.TLS), func(t *testing.T) {
			s := Start(t, o)
			bucket, api := s.Bucket(), through(s)

			s.Proxy.SlowDown(0.25)
			refused := 0
			for range 8 {
				if put(api, bucket, "k", 10) != nil {
					refused++
				}
			}
			if refused != 2 {
				t.Errorf("%d of 8 were told to slow down, want 2", refused)
			}
			s.Proxy.SlowDown(0)

			s.Proxy.Cut(Cut{After: 1 << 20, Times: 1})
			if err := put(api, bucket, "short", 1<<20); err != nil {
				t.Errorf("a body that is too short to be cut: %v", err)
			}
			if put(api, bucket, "long", 2<<20) == nil || put(api, bucket, "long", 2<<20) != nil {
				t.Error("of two long bodies the first should have been cut, the second not")
			}

			s.Proxy.Cut(Cut{Match: func(r *http.Request) bool { return r.Method == http.MethodPut }, Answer: true, Before: true, Times: 1})
			if put(api, bucket, "lost", 10) == nil || len(s.Read(bucket, "lost")) != 10 {
				t.Error("a lost answer: the server should have done its work, and the client should not know")
			}

			s.Proxy.Cut(Cut{Answer: true, After: 1000, Times: 1})
			answer, err := api.GetObject(&sdk.GetObjectInput{Bucket: &bucket, Key: aws.String("long")})
			if err != nil {
				t.Fatal(err)
			}
			if got, err := io.ReadAll(answer.Body); len(got) != 1000 || err == nil {
				t.Errorf("of a cut answer came %d bytes: %v", len(got), err)
			}

			s.Proxy.Block()
			done := make(chan error)
			go func() { done <- put(api, bucket, "blocked", 10) }()
			s.Proxy.AwaitBlocked(1)
			if got := s.Objects(bucket); slices.Contains(got, "blocked") {
				t.Errorf("it passed while blocked: %v", got)
			}
			s.Proxy.Release()
			if err := <-done; err != nil {
				t.Error(err)
			}

			s.Proxy.Delay(150 * time.Millisecond)
			began := time.Now()
			if err := put(api, bucket, "late", 10); err != nil || time.Since(began) < 150*time.Millisecond {
				t.Errorf("after %s: %v", time.Since(began), err)
			}
			s.Proxy.Delay(0)

			s.Proxy.Rate(4 << 20)
			began = time.Now()
			if err := put(api, bucket, "slow", 2<<20); err != nil {
				t.Error(err)
			}
			// Half a second, less what a pause before it allows for.
			if took := time.Since(began); took < 400*time.Millisecond {
				t.Errorf("2 MiB at 4 MiB/s took %s", took)
			}
			passed := 0
			for _, r := range s.Proxy.Requests() {
				if r.Passed {
					passed++
				}
			}
			if all := len(s.Proxy.Requests()); all-passed != 2 {
				t.Errorf("%d of %d requests passed", passed, all)
			}
		})
	}
}
