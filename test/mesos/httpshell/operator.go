package httpshell

import (
	"io"
	"net/http"
	"time"

	"github.com/mesos/mesos-go/api/v1/lib/maintenance"
	"github.com/mesos/mesos-go/api/v1/lib/master"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model"
)

// operatorAPI is POST /api/v1: the calls of the v1 operator API that reading the cluster, draining, maintenance and cleaning up
// need. Another call is answered with 501, which no real master does.
func (s *Server) operatorAPI(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		notAllowed(w, r)
		return
	}
	media, refused := contentType(r)
	if refused != nil {
		refused.write(w)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		answer{http.StatusBadRequest, "Failed to read the body: " + err.Error()}.write(w)
		return
	}
	call := &master.Call{}
	if err := media.decode(body, call, "v1::master::Call"); err != nil {
		answer{http.StatusBadRequest, err.Error()}.write(w)
		return
	}
	if fault := missingPart(call); fault != "" {
		answer{http.StatusBadRequest, "Failed to validate master::Call: Expecting '" + fault + "' to be present"}.write(w)
		return
	}
	if read := readers[call.Type]; read != nil {
		media, refused := accepted(r)
		if refused != nil {
			refused.write(w)
			return
		}
		s.respond(w, read(s), media)
		return
	}
	act := actors[call.Type]
	if act.do == nil {
		answer{http.StatusNotImplemented, "The call " + call.Type.String() + " is not part of this master"}.write(w)
		return
	}
	var refusal *model.Refusal
	alive := s.Do(func(m *model.Model, now time.Time) { refusal = act.do(m, now, call) })
	switch {
	case !alive:
		stopped.write(w)
	case refusal != nil:
		answer{refusal.Status, refusal.Text}.write(w)
	default:
		w.WriteHeader(act.status)
	}
}

func (s *Server) respond(w http.ResponseWriter, response *master.Response, media mediaType) {
	data, err := media.encode(response)
	if err != nil {
		answer{http.StatusInternalServerError, err.Error()}.write(w)
		return
	}
	w.Header().Set("Content-Type", string(media))
	_, _ = w.Write(data)
}

// missingPart names the part of a call that its type promises and that is not there.
func missingPart(call *master.Call) string {
	switch {
	case call.Type == master.Call_UNKNOWN:
		return "type"
	case call.Type == master.Call_MARK_AGENT_GONE && call.MarkAgentGone == nil:
		return "mark_agent_gone"
	case call.Type == master.Call_DRAIN_AGENT && call.DrainAgent == nil:
		return "drain_agent"
	case call.Type == master.Call_REACTIVATE_AGENT && call.ReactivateAgent == nil:
		return "reactivate_agent"
	case call.Type == master.Call_UPDATE_MAINTENANCE_SCHEDULE && call.UpdateMaintenanceSchedule == nil:
		return "update_maintenance_schedule"
	case call.Type == master.Call_RESERVE_RESOURCES && call.ReserveResources == nil:
		return "reserve_resources"
	case call.Type == master.Call_UNRESERVE_RESOURCES && call.UnreserveResources == nil:
		return "unreserve_resources"
	case call.Type == master.Call_CREATE_VOLUMES && call.CreateVolumes == nil:
		return "create_volumes"
	case call.Type == master.Call_DESTROY_VOLUMES && call.DestroyVolumes == nil:
		return "destroy_volumes"
	case call.Type == master.Call_TEARDOWN && call.Teardown == nil:
		return "teardown"
	}
	return ""
}

// actor is a call that changes something, with the status of its success.
type actor struct {
	status int
	do     func(*model.Model, time.Time, *master.Call) *model.Refusal
}

var actors = map[master.Call_Type]actor{
	master.Call_MARK_AGENT_GONE: {http.StatusOK, func(m *model.Model, now time.Time, c *master.Call) *model.Refusal {
		return m.MarkAgentGone(now, c.MarkAgentGone.AgentID.Value)
	}},
	master.Call_DRAIN_AGENT: {http.StatusOK, func(m *model.Model, now time.Time, c *master.Call) *model.Refusal {
		grace := time.Duration(-1)
		if given := c.DrainAgent.MaxGracePeriod; given != nil {
			grace = time.Duration(given.Seconds)*time.Second + time.Duration(given.Nanos)
		}
		return m.DrainAgent(now, c.DrainAgent.AgentID.Value, grace, c.DrainAgent.GetMarkGone())
	}},
	master.Call_REACTIVATE_AGENT: {http.StatusOK, func(m *model.Model, now time.Time, c *master.Call) *model.Refusal {
		return m.ReactivateAgent(now, c.ReactivateAgent.AgentID.Value)
	}},
	master.Call_UPDATE_MAINTENANCE_SCHEDULE: {http.StatusOK, func(m *model.Model, now time.Time, c *master.Call) *model.Refusal {
		return m.Maintenance(now, windows(c.UpdateMaintenanceSchedule.Schedule))
	}},
	master.Call_RESERVE_RESOURCES: {http.StatusAccepted, func(m *model.Model, now time.Time, c *master.Call) *model.Refusal {
		return m.Reserve(now, c.ReserveResources.AgentID.Value, c.ReserveResources.Resources)
	}},
	master.Call_UNRESERVE_RESOURCES: {http.StatusAccepted, func(m *model.Model, now time.Time, c *master.Call) *model.Refusal {
		return m.Unreserve(now, c.UnreserveResources.AgentID.Value, c.UnreserveResources.Resources)
	}},
	master.Call_CREATE_VOLUMES: {http.StatusAccepted, func(m *model.Model, now time.Time, c *master.Call) *model.Refusal {
		return m.CreateVolumes(now, c.CreateVolumes.AgentID.Value, c.CreateVolumes.Volumes)
	}},
	master.Call_DESTROY_VOLUMES: {http.StatusAccepted, func(m *model.Model, now time.Time, c *master.Call) *model.Refusal {
		return m.DestroyVolumes(now, c.DestroyVolumes.AgentID.Value, c.DestroyVolumes.Volumes)
	}},
	master.Call_TEARDOWN: {http.StatusOK, func(m *model.Model, now time.Time, c *master.Call) *model.Refusal {
		return m.TeardownFramework(now, c.Teardown.FrameworkID.Value)
	}},
}

// windows flattens a schedule to one window a machine.
func windows(schedule maintenance.Schedule) []model.Window {
	var list []model.Window
	for _, window := range schedule.Windows {
		for _, machine := range window.MachineIDs {
			list = append(list, model.Window{
				Hostname: machine.GetHostname(), IP: machine.GetIP(),
				Start:    time.Unix(0, window.Unavailability.Start.Nanoseconds),
				Duration: time.Duration(window.Unavailability.GetDuration().GetNanoseconds()),
			})
		}
	}
	return list
}
