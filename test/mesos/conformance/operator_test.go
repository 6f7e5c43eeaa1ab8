package conformance

import (
	"encoding/json"
	"time"

	"github.com/mesos/mesos-go/api/v1/lib/master"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model"
)

// operate makes a recorded call of the operator API. The success status is that of the real operator endpoint: 202 for
// operations on resources, 200 for all else.
func (r *replay) operate(line row) (*model.Refusal, int) {
	call := &master.Call{}
	if err := json.Unmarshal(line.Send, call); err != nil {
		r.t.Errorf("%s: %v", line.Name, err)
		return nil, 0
	}
	switch call.Type {
	case master.Call_RESERVE_RESOURCES:
		return r.m.Reserve(r.now, call.ReserveResources.AgentID.Value, call.ReserveResources.Resources), 202
	case master.Call_UNRESERVE_RESOURCES:
		return r.m.Unreserve(r.now, call.UnreserveResources.AgentID.Value, call.UnreserveResources.Resources), 202
	case master.Call_DESTROY_VOLUMES:
		return r.m.DestroyVolumes(r.now, call.DestroyVolumes.AgentID.Value, call.DestroyVolumes.Volumes), 202
	case master.Call_TEARDOWN:
		return r.m.TeardownFramework(r.now, call.Teardown.FrameworkID.Value), 200
	case master.Call_MARK_AGENT_GONE:
		return r.m.MarkAgentGone(r.now, call.MarkAgentGone.AgentID.Value), 200
	case master.Call_DRAIN_AGENT:
		grace := time.Duration(-1)
		if d := call.DrainAgent.MaxGracePeriod; d != nil {
			grace = time.Duration(d.Seconds)*time.Second + time.Duration(d.Nanos)
		}
		return r.m.DrainAgent(r.now, call.DrainAgent.AgentID.Value, grace, call.DrainAgent.GetMarkGone()), 200
	case master.Call_REACTIVATE_AGENT:
		return r.m.ReactivateAgent(r.now, call.ReactivateAgent.AgentID.Value), 200
	case master.Call_UPDATE_MAINTENANCE_SCHEDULE:
		var schedule []model.Window
		for _, w := range call.UpdateMaintenanceSchedule.Schedule.Windows {
			for _, id := range w.MachineIDs {
				schedule = append(schedule, model.Window{Hostname: id.GetHostname(), IP: id.GetIP(),
					Start:    time.Unix(0, w.Unavailability.Start.Nanoseconds),
					Duration: time.Duration(w.Unavailability.GetDuration().GetNanoseconds())})
			}
		}
		return r.m.Maintenance(r.now, schedule), 200
	}
	r.t.Errorf("%s: operator call %s is not replayed", line.Name, call.Type)
	return nil, 0
}
