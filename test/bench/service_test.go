package bench

import (
	"fmt"
	"net/http"
	"path/filepath"
	"testing"
	"time"
)

// service is a scheduler with its API, as a user starts one.
type service struct {
	*program
	api string
}

// serving starts the real scheduler on a modelled master.
func serving(t *testing.T, programs string, m *instant, store string, environ ...string) *service {
	t.Helper()
	port := freePort(t)
	p := start(t, append([]string{"MESOS_MASTER=" + m.url, "STATE_STORE=" + store, "DATABASE_PROBES=off", "DISCOVERY=address",
		fmt.Sprintf("PORT_API=%d", port), fmt.Sprintf("API_ADVERTISE=127.0.0.1:%d", port)}, environ...),
		"another scheduler of this service leads", filepath.Join(programs, "cockroachdb-scheduler"))
	return &service{program: p, api: fmt.Sprintf("http://127.0.0.1:%d", port)}
}

// complete waits until a plan is.
func (s *service) complete(t *testing.T, plan string) {
	t.Helper()
	for deadline := time.Now().Add(patience); ; {
		began := time.Now()
		response, err := http.Get(s.api + "/v1/plans/" + plan)
		if err == nil {
			_ = response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return
			}
		}
		select {
		case <-s.ended:
			t.Fatalf("the scheduler ended before plan %s was complete", plan)
		// A plan of a thousand steps takes its time to be shown: asking must stay a small part of what the process does.
		case <-time.After(20*time.Millisecond + 30*time.Since(began)):
		}
		if time.Now().After(deadline) {
			t.Fatalf("plan %s is not complete after %s", plan, patience)
		}
	}
}

// cpu is the time that the processor has spent on the scheduler so far.
func (s *service) cpu(t *testing.T) time.Duration { return processorTime(t, s.Process.Pid) }
