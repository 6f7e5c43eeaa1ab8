package sim_test

import (
	"strings"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/virtual"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/sim"
	mesos "github.com/mesos/mesos-go/api/v1/lib"
)

// The process dies right after the first launch left, before anything came back; and the record of it is lost.
func TestStraysAreCleanedAndForeignReservationsAreNot(t *testing.T) {
	w := sim.New(model.Options{}, virtual.Agents(4))
	for _, agent := range w.Agents() {
		disturbed(t, w, func(m *model.Model, now time.Time) error {
			if refusal := m.Reserve(now, agent, []mesos.Resource{sim.Foreign()}); refusal != nil {
				return refusal
			}
			return nil
		})
	}
	died := false
	w.Crash = func(effect core.Effect) bool {
		if died {
			return false
		}
		if send, ok := effect.(core.Send); ok {
			if _, accept := send.Call.(core.Accept); accept {
				return false
			}
		}
		died = len(launches(w)) == 1
		if died {
			w.StoreLost = true
			delete(w.Store, "records/"+inOrder[0])
		}
		return died
	}
	must(t, w, w.Deployed, 10*time.Minute)
	if !died {
		t.Fatal("the process never died")
	}
	first := w.Launches()[0].Tasks[0].TaskID.Value
	must(t, w, func() bool { return reserved(w) == 4 }, 30*time.Minute)
	for _, id := range w.Running() {
		if id == first {
			t.Error("the task without a record runs on")
		}
	}
	equal(t, launches(w)[1:], inOrder)
	kept := 0
	for _, agent := range w.Model.State().Agents {
		for _, resource := range agent.Total {
			if label(resource, tasks.LabelFrameworkID) == sim.Stranger {
				kept++
			}
		}
	}
	if kept != 4 {
		t.Errorf("%d of 4 foreign reservations are left", kept)
	}
}

func label(resource mesos.Resource, key string) string {
	for _, reservation := range resource.Reservations {
		for _, label := range reservation.GetLabels().GetLabels() {
			if label.Key == key {
				return label.GetValue()
			}
		}
	}
	return ""
}

// reserved counts the pods that have reservations: two of cpus each, the executor's and the task's.
func reserved(w *sim.World) int {
	pods := 0
	for _, agent := range w.Model.State().Agents {
		for _, resource := range agent.Total {
			if resource.GetName() == "cpus" && len(resource.Reservations) > 0 {
				pods++
			}
		}
	}
	return pods / 2
}

func TestADamagedStoreIsRefusedBeforeAnythingIsSent(t *testing.T) {
	for _, damage := range []struct {
		name string
		do   func(w *sim.World)
		want string
	}{
		{"the name of the target is lost", func(w *sim.World) { delete(w.Store, "target") }, "no target"},
		{"the target is lost", func(w *sim.World) { delete(w.Store, "targets/"+w.State().Facts.TargetID) }, "does not hold it"},
		{"all but the framework id is lost", func(w *sim.World) {
			for key := range w.Store {
				if key != "framework-id" {
					delete(w.Store, key)
				}
			}
		}, "no target"},
	} {
		t.Run(damage.name, func(t *testing.T) {
			w := deployed(t, 4)
			damage.do(w)
			w.Kill()
			calls, stored := len(w.Calls), len(w.Store)
			_, err := w.Run(func() bool { return false }, time.Minute)
			if err == nil || !strings.Contains(err.Error(), damage.want) {
				t.Errorf("got %v, want %q in it", err, damage.want)
			}
			if len(w.Calls) != calls || len(w.Store) != stored || len(w.Running()) != 4 {
				t.Errorf("%d calls left, %d keys stored, %d of 4 tasks run", len(w.Calls)-calls, len(w.Store), len(w.Running()))
			}
		})
	}
}
