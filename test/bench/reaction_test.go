package bench

import (
	"path/filepath"
	"testing"
	"time"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler"
)

// reaction measures recovery: from the moment an agent reports that a task failed to the ACCEPT that launches it again in
// its place. Without back-off, which is a wait that is wanted. The master's part of it is in the figure: it offers what
// the task held in the moment in which it hears REVIVE.
func reaction(t *testing.T, programs string) []figure {
	m := newInstant(t, 10)
	s := serving(t, programs, m, "file://"+filepath.Join(t.TempDir(), "state"), "NODE_COUNT=3", "ENABLE_BACKOFF=false")
	s.complete(t, "deploy")
	var took []float64
	for range 4 * rounds {
		for id := range m.tasks() {
			m.forget()
			began := m.end(id, mesos.TASK_FAILED)
			took = append(took, milliseconds(m.relaunched(t, s.program).Sub(began)))
			break
		}
		s.complete(t, "recovery")
	}
	s.stop(t)
	return []figure{sampled(figure{name: "from a failed task to the ACCEPT that launches it again", limit: 100, unit: "ms"}, took)}
}

// relaunched is when the next launch was there.
func (m *instant) relaunched(t *testing.T, p *program) time.Time {
	t.Helper()
	for {
		call := receive(t, m.calls, p, "the launch")
		if call.Type != scheduler.Call_ACCEPT {
			continue
		}
		for _, operation := range call.Accept.Operations {
			if operation.LaunchGroup != nil {
				return call.at
			}
		}
	}
}
