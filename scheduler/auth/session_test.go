package auth

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/auth/authtest"
)

// inside carries requests to a handler in this process, without a network, so that time can be the bubble's.
type inside struct{ http.Handler }

func (i inside) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	recorder := httptest.NewRecorder()
	i.ServeHTTP(recorder, r)
	return recorder.Result(), nil
}

// world is an identity manager, a server that wants its tokens, and our session with both.
type world struct {
	t       *testing.T
	manager *authtest.Manager
	client  *http.Client
	session *Session
	log     *bytes.Buffer
	// bodies are what reached the server behind the guard.
	bodies []string
}

func newWorld(t *testing.T, life time.Duration, ahead time.Duration) *world {
	t.Helper()
	w := &world{t: t, manager: authtest.New("crdb", life), log: &bytes.Buffer{}}
	account, err := Parse(w.manager.Credential("http://master.mesos"))
	if err != nil {
		t.Fatal(err)
	}
	guarded := inside{w.manager.Guard(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.bodies = append(w.bodies, string(body))
	}))}
	w.session = NewSession(account, Options{Transport: guarded, Ahead: ahead, Log: slog.New(slog.NewTextHandler(w.log, nil))})
	w.client = &http.Client{Transport: w.session.Transport(guarded)}
	return w
}

// asks makes a request and wants this status.
func (w *world) asks(status int) {
	w.t.Helper()
	response, err := w.client.Post("http://master/api", "text/plain", strings.NewReader("call"))
	if err != nil {
		w.t.Fatal(err)
	}
	if response.StatusCode != status {
		w.t.Errorf("status %d, want %d; refused logins %q", response.StatusCode, status, w.manager.Refusals())
	}
}

func (w *world) fails() *LoginError {
	w.t.Helper()
	_, err := w.client.Post("http://master/api", "text/plain", strings.NewReader("call"))
	var failed *LoginError
	if !errors.As(err, &failed) {
		w.t.Fatalf("got %v, want a LoginError", err)
	}
	return failed
}

func (w *world) logins(want int) {
	w.t.Helper()
	if got := w.manager.Logins(); got != want {
		w.t.Errorf("%d logins, want %d; refused %q", got, want, w.manager.Refusals())
	}
}

func TestATokenServesUntilShortlyBeforeItsEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, time.Hour, 30*time.Second)
		w.logins(0)
		w.asks(200)
		time.Sleep(time.Hour - 31*time.Second)
		w.asks(200)
		w.logins(1)
		time.Sleep(2 * time.Second) // within the threshold, and before the end
		w.asks(200)
		w.logins(2)
		time.Sleep(24 * time.Hour) // long past the end, in one silence
		w.asks(200)
		w.logins(3)
		if len(w.bodies) != 4 {
			t.Errorf("the server got %q", w.bodies)
		}
	})
}

// TestAThresholdLongerThanTheLife: not every request logs in.
func TestAThresholdLongerThanTheLife(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 20*time.Second, time.Minute)
		for range 40 { // 20 seconds
			w.asks(200)
			time.Sleep(500 * time.Millisecond)
		}
		w.logins(2)
	})
}

func TestARevokedTokenIsReplacedOnceAndTheRequestRepeated(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, time.Hour, 0)
		w.asks(200)
		time.Sleep(time.Minute)
		w.manager.Revoke()
		w.asks(200)
		w.logins(2)
		if len(w.bodies) != 2 || w.bodies[1] != "call" {
			t.Errorf("the server got %q", w.bodies)
		}
	})
}

// TestAFreshTokenThatIsRefusedIsNotReplaced: a server that wants another account would make us log in with each request.
func TestAFreshTokenThatIsRefusedIsNotReplaced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, time.Hour, 0)
		asked := 0
		w.client.Transport = w.session.Transport(inside{http.HandlerFunc(func(out http.ResponseWriter, _ *http.Request) {
			asked++
			out.WriteHeader(http.StatusUnauthorized)
		})})
		for range 5 {
			w.asks(401)
		}
		w.logins(1)
		time.Sleep(time.Minute)
		w.asks(401)
		w.logins(2)
		if asked != 7 {
			t.Errorf("%d requests, want 7: one each, and one repeated", asked)
		}
	})
}

// TestABodyThatCannotBeReadTwiceIsNotRepeated: half a call must not leave.
func TestABodyThatCannotBeReadTwiceIsNotRepeated(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, time.Hour, 0)
		w.asks(200)
		time.Sleep(time.Minute)
		w.manager.Revoke()
		request, err := http.NewRequest(http.MethodPost, "http://master/api", io.NopCloser(strings.NewReader("call")))
		if err != nil {
			t.Fatal(err)
		}
		response, err := w.client.Do(request)
		if err != nil || response.StatusCode != http.StatusUnauthorized {
			t.Errorf("%v, %v", response, err)
		}
		if len(w.bodies) != 1 {
			t.Errorf("the server got %q", w.bodies)
		}
	})
}

// TestALoginThatFailsIsTriedAgainEverMoreSeldom, and told once.
func TestALoginThatFailsIsTriedAgainEverMoreSeldom(t *testing.T) {
	for status, remedy := range map[int]string{
		401: "has the public key", 403: "may log in", 404: "login_endpoint", 307: "login_endpoint", 400: "uid and key", 503: "tried again",
	} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, time.Hour, 0)
				w.manager.Answer(status)
				if err := w.fails(); err.Status != status || !strings.Contains(err.Error(), remedy) ||
					!strings.Contains(err.Error(), "service account crdb cannot log in at http://master.mesos/acs/api/v1/auth/login") {
					t.Errorf("got %v", err)
				}
				for range 600 { // a minute of requests
					time.Sleep(100 * time.Millisecond)
					w.fails()
				}
				w.logins(6) // at 0, 1, 3, 7, 15, 31 seconds
				if lines := strings.Count(w.log.String(), "failed"); lines != 1 {
					t.Errorf("%d lines about one trouble:\n%s", lines, w.log)
				}
				w.manager.Answer(0)
				time.Sleep(mostPause)
				w.asks(200)
				if len(w.bodies) != 1 {
					t.Errorf("the server got %q", w.bodies)
				}
			})
		})
	}
}

// TestATokenThatStillCountsOutlivesAFailedRenewal.
func TestATokenThatStillCountsOutlivesAFailedRenewal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, time.Hour, time.Minute)
		w.asks(200)
		w.manager.Answer(503)
		time.Sleep(time.Hour - 30*time.Second)
		for range 29 {
			w.asks(200)
			time.Sleep(time.Second)
		}
		time.Sleep(2 * time.Second)
		w.fails()
		w.manager.Answer(0)
		time.Sleep(mostPause)
		w.asks(200)
	})
}

func TestManyRequestsShareOneLogin(t *testing.T) {
	w := newWorld(t, time.Hour, 0)
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() {
			if _, err := w.session.token(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	w.logins(1)
}

// TestARequestThatEndsWhileItWaits says its own end, and leaves no mark on the session.
func TestARequestThatEndsWhileItWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, time.Hour, 0)
		answer := w.session.client.Transport
		w.session.client.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := w.session.token(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		// A manager that never answers ends by the login's own patience.
		began := time.Now()
		_, err := w.session.token(t.Context())
		var failed *LoginError
		if !errors.As(err, &failed) || !strings.Contains(err.Error(), "no answer within 10s") || time.Since(began) != loginTime {
			t.Errorf("got %v after %s", err, time.Since(began))
		}
		w.session.client.Transport = answer
		time.Sleep(firstPause)
		w.asks(200)
	})
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// TestAnswersThatAreNoToken are failures, and never reach a header.
func TestAnswersThatAreNoToken(t *testing.T) {
	for name, answer := range map[string]string{
		"a page": "<html>", "nothing": "", "no token": `{}`, "an empty one": `{"token": ""}`, "one that breaks the header": `{"token": "a\r\nX-Other: b"}`,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, time.Hour, 0)
				w.session.client.Transport = inside{http.HandlerFunc(func(out http.ResponseWriter, _ *http.Request) { io.WriteString(out, answer) })}
				if err := w.fails(); !strings.Contains(err.Error(), "200 without a token") {
					t.Errorf("got %v", err)
				}
			})
		})
	}
}

// TestATokenThatSaysNoEnd, or one that by our clock is past, is asked for anew now and then, and not with each request.
func TestATokenThatSaysNoEnd(t *testing.T) {
	for name, text := range map[string]func() string{
		"no JWT": func() string { return "opaque" },
		"no end": func() string { return made(t, jwt.MapClaims{"uid": "crdb"}) },
		"past":   func() string { return made(t, jwt.MapClaims{"exp": time.Now().Add(-time.Minute).Unix()}) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, time.Hour, 0)
				logins := 0
				w.session.client.Transport = inside{http.HandlerFunc(func(out http.ResponseWriter, _ *http.Request) {
					logins++
					fmt.Fprintf(out, `{"token": %q}`, text())
				})}
				for range 60 { // ten minutes
					if _, err := w.session.token(t.Context()); err != nil {
						t.Fatal(err)
					}
					time.Sleep(10 * time.Second)
				}
				if logins != 3 {
					t.Errorf("%d logins in ten minutes, want 3", logins)
				}
			})
		})
	}
}

// made is a token with these claims.
func made(t *testing.T, claims jwt.MapClaims) string {
	t.Helper()
	text, err := jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString([]byte("key"))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// TestNothingSecretIsLogged goes through every line that a session writes.
func TestNothingSecretIsLogged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, time.Hour, 0)
		w.manager.Answer(401)
		said := w.fails().Error()
		w.manager.Answer(0)
		time.Sleep(time.Minute)
		w.asks(200)
		token, err := w.session.token(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		w.manager.Revoke()
		w.asks(200)
		log := w.log.String()
		for _, line := range []string{"login to DC/OS failed", "logged in to DC/OS", "our token was refused"} {
			if !strings.Contains(log, line) {
				t.Errorf("the log lacks %q:\n%s", line, log)
			}
		}
		if said += log; shows(said) || strings.Contains(said, token()) {
			t.Errorf("a secret shows:\n%s", said)
		}
	})
}

// TestALoginIsNotRedirected: whoever the answer names would get a proof that is good for two minutes.
func TestALoginIsNotRedirected(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, time.Hour, 0)
		var asked []string
		w.session.client.Transport = inside{http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
			asked = append(asked, r.URL.Host)
			http.Redirect(out, r, "http://elsewhere/acs/api/v1/auth/login", http.StatusTemporaryRedirect)
		})}
		if err := w.fails(); err.Status != http.StatusTemporaryRedirect || len(asked) != 1 {
			t.Errorf("got %v, asked %q", err, asked)
		}
	})
}
