package bench

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/mesos/mesos-go/api/v1/lib/scheduler"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/store/zktest"
)

// failover deploys services of 3, 100 and 1,000 nodes with the real scheduler, on a real ZooKeeper and the modelled Mesos,
// and kills the leader again and again while a successor waits. What counts begins when the lock is free: before that,
// ZooKeeper waits for the dead leader's session, as long as the two agreed.
//
// The largest deployment is a figure of its own, and the service that it leaves is the one whose memory is watched.
func failover(t *testing.T, programs string) []figure {
	zookeeper := zktest.Start(t)
	var figures []figure
	for _, size := range []struct {
		nodes, agents, times int
		limit                float64
	}{{3, 10, rounds, 2000}, {100, 120, rounds, 2000}, {large, many, 3, 20_000}} {
		m := newInstant(t, size.agents)
		name := fmt.Sprintf("bench-%d", size.nodes)
		environ := []string{"FRAMEWORK_NAME=" + name, count(size.nodes), "NODE_DEPLOY_STRATEGY=parallel"}
		began := time.Now()
		leader := serving(t, programs, m, zookeeper.URL(""), environ...)
		leader.complete(t, "deploy")
		if size.nodes == large {
			figures = append(figures, deployment(t, leader, time.Since(began))...)
		}
		queue := newLock(t, zookeeper, "dcos-service-"+name)
		var took [3][]float64
		for range size.times {
			follower := serving(t, programs, m, zookeeper.URL(""), environ...)
			receive(t, follower.output.heard, follower.program, "the wait for the lock")
			free := queue.freed(t)
			m.forget()
			leader.kill()
			receive(t, free, follower.program, "the end of the leader's session")
			for i, at := range m.taken(t, follower.program, time.Now()) {
				took[i] = append(took[i], milliseconds(at))
			}
			leader = follower
		}
		for i, what := range []string{"subscribed", "reconciled", "first decision"} {
			figures = append(figures, sampled(figure{name: fmt.Sprintf("failover from free lock to %s, %d pods", what, size.nodes),
				limit: size.limit, unit: "ms"}, took[i]))
		}
		if size.nodes == large {
			figures = append(figures, endurance(t, leader, m)...)
		}
		leader.stop(t)
	}
	return figures
}

// deployment is what the deployment of a large service took, from the start of the process.
func deployment(t *testing.T, s *service, took time.Duration) []figure {
	return []figure{
		{name: "1,000 pods deployed in parallel, 10,000 agents, ZooKeeper", value: took.Seconds(), limit: 10, unit: "s"},
		{name: "processor time of the scheduler for each of these pods", value: milliseconds(s.cpu(t)) / large, limit: 5, unit: "ms"},
	}
}

// kill ends the program as a failing machine does.
func (p *program) kill() {
	_ = p.Process.Kill()
	<-p.ended
}

// forget leaves out the calls that have come so far.
func (m *instant) forget() {
	for {
		select {
		case <-m.calls:
		default:
			return
		}
	}
}

// taken is how long after an instant a new leader was subscribed, had an answer for each task, and made its first
// decision: it asked for offers, or turned them off.
func (m *instant) taken(t *testing.T, p *program, since time.Time) []time.Duration {
	t.Helper()
	decisions := []scheduler.Call_Type{scheduler.Call_REVIVE, scheduler.Call_SUPPRESS, scheduler.Call_KILL, scheduler.Call_ACCEPT}
	var took []time.Duration
	for len(took) < 3 {
		call := receive(t, m.calls, p, "the successor's next call")
		switch {
		case len(took) == 0 && call.Type == scheduler.Call_SUBSCRIBE,
			// What is asked for once every task was answered for names none.
			len(took) == 1 && call.Type == scheduler.Call_RECONCILE && len(call.Reconcile.Tasks) == 0,
			len(took) == 2 && slices.Contains(decisions, call.Type):
			took = append(took, call.at.Sub(since))
		}
	}
	return took
}
