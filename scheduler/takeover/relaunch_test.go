package takeover_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/offers"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/takeover/takeovertest"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// An adopted node that dies is launched in place by our command: on its reservations, its volume and its ports, with what it holds
// too little of reserved in addition, and without the right to initialise. Whatever age its reservations are of.
func TestAnAdoptedNodeThatDiesComesBackInPlace(t *testing.T) {
	const node = "cockroachdb-0-node-init"
	for name, style := range styles {
		t.Run(name, func(t *testing.T) {
			facts, _, faults := adopt(t, takeovertest.New(style, 3))
			if len(faults) > 0 {
				t.Fatal(faults)
			}
			state, _ := core.Start(facts, target(t), "another", now, core.Settings{Probes: core.ProbesOff, FormerKept: true})
			at := now
			take := func(event core.Event) (effects []core.Effect) {
				at = at.Add(time.Second)
				state, effects = core.Frame(state, core.Input{Event: event, Now: at})
				return effects
			}
			take(core.Subscribed{FrameworkID: takeovertest.Framework, MasterVersion: "1.4.0", MasterID: "m1"})
			for _, record := range facts.Records {
				status := record.Status
				if record.Task == node {
					status = tasks.Status{State: tasks.Failed}
				}
				take(core.Updated{TaskID: record.TaskID, AgentID: record.Agent.ID, Status: status})
			}
			take(core.Tick{})
			old := facts.Records[node]
			offer := offers.Offer{IDs: []string{"o1"}, Agent: old.Agent}
			for _, held := range old.Held {
				resource := held.Resource
				resource.AllocatedTo = "cockroachdb-role"
				offer.Resources = append(offer.Resources, resource)
			}
			for kind, amount := range map[string]int64{tasks.CPUs: 2, tasks.Mem: 2000, tasks.Disk: 4000} {
				offer.Resources = append(offer.Resources, tasks.Resource{Kind: kind, Scalar: tasks.Whole(amount), AllocatedTo: "cockroachdb-role"})
			}
			var launched *core.Accept
			for _, effect := range take(core.Offered{Offers: []offers.Offer{offer}}) {
				if send, is := effect.(core.Send); is {
					if accept, is := send.Call.(core.Accept); is {
						launched = &accept
					}
				}
			}
			if launched == nil || launched.Launch == nil {
				t.Fatalf("nothing was launched; why: %v", state.Plans)
			}
			record := launched.Launch.Record
			if record.Task != node || record.Init || record.VolumeID() != old.VolumeID() || fmt.Sprint(record.Ports) != fmt.Sprint(old.Ports) ||
				len(launched.Destroy)+len(launched.Unreserve)+len(launched.Create) != 0 || record.TaskID == old.TaskID {
				t.Errorf("launched %+v", launched)
			}
			more := map[string]tasks.Milli{}
			for _, resource := range launched.Reserve {
				more[resource.Kind] += resource.Scalar
			}
			want := map[string]tasks.Milli{tasks.Disk: tasks.Whole(1024)}
			if style.Custom {
				want = map[string]tasks.Milli{tasks.CPUs: 100, tasks.Mem: tasks.Whole(32), tasks.Disk: tasks.Whole(1280)}
			}
			if fmt.Sprint(more) != fmt.Sprint(want) {
				t.Errorf("reserves %v, want %v", more, want)
			}
		})
	}
}
