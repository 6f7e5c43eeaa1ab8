package conformance

import (
	"testing"
	"time"

	mesos "github.com/mesos/mesos-go/api/v1/lib"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model"
)

// The recorded cluster: three agents on 127.0.0.1 to 127.0.0.3 with racks and zones of their own.
func recordedCluster(options model.Options, phase time.Duration) *model.Model {
	options.MasterID = "master-1"
	options.Region, options.Zone = "region-1", "zone-0"
	options.AllocationInterval = 500 * time.Millisecond
	options.AgentReregisterDelay = 500 * time.Millisecond
	m := model.New(options)
	for n, name := range []string{"1", "2", "3"} {
		ip := "127.0.0." + name
		m.AddAgent(begin.Add(phase-10*time.Second), model.AgentSpec{
			Hostname: ip, IP: ip, Port: int32(5051 + n), Region: "region-1", Zone: "zone-" + name,
			Attributes: []mesos.Attribute{model.Text("rack", "rack-"+name), model.Text("zone", "zone-"+name), model.Text("host", "agent"+name)},
			Resources: []mesos.Resource{model.Scalar("cpus", 4), model.Scalar("mem", 4096), model.Scalar("disk", 20000),
				model.Ports(8080, 8090, 26000, 27000, 31000, 32000)},
		})
	}
	return m
}

var begin = time.Date(2026, 11, 22, 6, 30, 0, 0, time.UTC)

func TestScenarios(t *testing.T) {
	// phase is when, within an allocation interval, the recorded master's passes came.
	for _, scenario := range []struct {
		name    string
		phase   time.Duration
		options model.Options
	}{
		{name: "lifecycle", phase: 340 * time.Millisecond},
		{name: "errors", phase: 450 * time.Millisecond},
		// Three pings of 4 s: it took 15.7 s, since the time-out counts from the ping after the agent's end.
		{name: "agentfail", phase: 450 * time.Millisecond, options: model.Options{AgentPingInterval: 5230 * time.Millisecond, AgentPingTimeouts: 3}},
		{name: "masterfail", phase: 450 * time.Millisecond},
		{name: "masterrecover", phase: 450 * time.Millisecond},
		{name: "drain", phase: 100 * time.Millisecond},
		{name: "gone", phase: 450 * time.Millisecond},
		{name: "samples", phase: 450 * time.Millisecond},
	} {
		t.Run(scenario.name, func(t *testing.T) {
			r := &replay{t: t, m: recordedCluster(scenario.options, scenario.phase), start: begin,
				streams: map[string]int{}, headers: map[string]string{}, closed: map[string]bool{}, offers: map[string]string{},
				uuids: map[string]string{}, launched: map[string]launched{}, kills: map[string]bool{}}
			for _, line := range readScript(t, scenario.name) {
				if line.Note != "" {
					continue
				}
				r.at(line.At)
				switch {
				case line.Do != "":
					r.do(line.Do, line.Arg)
				case line.State != nil:
					r.compareState(line)
				case line.Send != nil:
					r.send(line)
				default:
					r.expect(line)
				}
			}
			for _, have := range r.pending {
				if have.channel != "HEARTBEAT " {
					t.Errorf("the real master never said %s %s", have.channel, have.says)
				}
			}
		})
	}
}
