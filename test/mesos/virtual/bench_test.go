package virtual_test

import (
	"testing"
	"time"

	"github.com/mesos/mesos-go/api/v1/lib/scheduler"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler/calls"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/virtual"
)

// BenchmarkLife is an hour of a small cluster with another framework on it: each minute a task fails, an agent goes and comes,
// and the offers of five agents are declined. It gives the events per second of real time that a scheduler is told.
func BenchmarkLife(b *testing.B) {
	events := 0
	for b.Loop() {
		c := virtual.New(t0, model.Options{}, virtual.Agents(5)...)
		n := c.NewNeighbour("other", "web-role", 5)
		if err := c.Send(subscribe()); err != nil {
			b.Fatal(err)
		}
		answer := func() bool {
			for _, e := range c.Events() {
				events++
				if e.Type == scheduler.Event_OFFERS {
					for _, o := range e.Offers.Offers {
						if err := c.Send(calls.Decline(o.ID).With(calls.RefuseSeconds(10 * time.Second))); err != nil {
							b.Fatal(err)
						}
					}
				}
			}
			return false
		}
		for minute := range 60 {
			if running := c.Running(); len(running) > 0 {
				if err := c.Exit(running[minute%len(running)], 1); err != nil {
					b.Fatal(err)
				}
			}
			agent := c.Agents()[minute%5]
			for _, fault := range []model.Fault{model.Down(agent), model.Return(agent), model.RepeatUpdates()} {
				if err := c.With(fault); err != nil {
					b.Fatal(err)
				}
				c.RunUntil(answer, 20*time.Second)
			}
		}
		if problems := c.Problems(); len(problems) > 0 || len(n.Missing()) > 0 {
			b.Fatal(problems, n.Missing())
		}
	}
	b.ReportMetric(float64(events)/b.Elapsed().Seconds(), "events/s")
}
