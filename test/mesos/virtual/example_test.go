package virtual_test

import (
	"fmt"
	"time"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler/calls"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/virtual"
)

// A scheduler that launches one task on the first offer and acknowledges what it hears, until the task's check has passed.
func Example() {
	t0 := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	c := virtual.New(t0, model.Options{}, virtual.Agents(3)...)
	c.Script(virtual.Script{Checks: []virtual.CheckResult{{After: 2 * time.Second, ExitCode: 1}, {After: 30 * time.Second}}})

	send := func(call *scheduler.Call) {
		if err := c.Send(call); err != nil {
			fmt.Println("refused:", err)
		}
	}
	send(subscribe())

	launched, ready := false, false
	c.RunUntil(func() bool {
		for _, event := range c.Events() {
			switch event.Type {
			case scheduler.Event_OFFERS:
				for _, offer := range event.Offers.Offers {
					if launched {
						send(calls.Decline(offer.ID))
						continue
					}
					launched = true
					send(calls.Accept(calls.OfferOperations{launchOne(c, offer)}.WithOffers(offer.ID)))
				}
			case scheduler.Event_UPDATE:
				s := event.Update.Status
				code := "none"
				if check := s.CheckStatus.GetCommand(); check != nil && check.ExitCode != nil {
					code = fmt.Sprint(*check.ExitCode)
				}
				fmt.Printf("%s %s check %s\n", c.Now().Sub(t0).Round(time.Millisecond), s.GetState(), code)
				ready = code == "0"
				send(calls.Acknowledge(s.AgentID.GetValue(), s.TaskID.Value, s.UUID))
			}
		}
		return ready
	}, time.Hour)

	// Output:
	// 100ms TASK_STARTING check none
	// 150ms TASK_RUNNING check none
	// 2.15s TASK_RUNNING check 1
	// 30.15s TASK_RUNNING check 0
}

func subscribe() *scheduler.Call {
	principal := "web-principal"
	return calls.Subscribe(&mesos.FrameworkInfo{
		User: "root", Name: "web", Roles: []string{"web-role"}, Principal: &principal, Checkpoint: ptr(true), FailoverTimeout: ptr(604800.0),
		Capabilities: []mesos.FrameworkInfo_Capability{
			{Type: mesos.FrameworkInfo_Capability_MULTI_ROLE}, {Type: mesos.FrameworkInfo_Capability_RESERVATION_REFINEMENT},
			{Type: mesos.FrameworkInfo_Capability_PARTITION_AWARE}, {Type: mesos.FrameworkInfo_Capability_REGION_AWARE}},
	})
}

func launchOne(c *virtual.Cluster, offer mesos.Offer) mesos.Offer_Operation {
	return mesos.Offer_Operation{Type: mesos.Offer_Operation_LAUNCH_GROUP, LaunchGroup: &mesos.Offer_Operation_LaunchGroup{
		Executor: mesos.ExecutorInfo{
			Type: mesos.ExecutorInfo_DEFAULT, ExecutorID: mesos.ExecutorID{Value: "web-executor"},
			FrameworkID: &mesos.FrameworkID{Value: c.FrameworkID()},
			Resources:   []mesos.Resource{model.Scalar("cpus", 0.1), model.Scalar("mem", 32), model.Scalar("disk", 32)},
		},
		TaskGroup: mesos.TaskGroupInfo{Tasks: []mesos.TaskInfo{{
			Name: "web", TaskID: mesos.TaskID{Value: "web-1"}, AgentID: offer.AgentID,
			Resources: []mesos.Resource{model.Scalar("cpus", 1), model.Scalar("mem", 256)},
			Command:   &mesos.CommandInfo{Value: ptr("sleep 1000")},
			Check: &mesos.CheckInfo{Type: mesos.CheckInfo_COMMAND,
				Command: &mesos.CheckInfo_Command{Command: mesos.CommandInfo{Value: ptr("true")}}},
		}}},
	}}
}

func ptr[T any](v T) *T { return &v }
