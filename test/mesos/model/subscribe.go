package model

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler"
)

func (m *Model) subscribe(call *scheduler.Call) (string, *Refusal) {
	if refusal := validateCall(call); refusal != nil {
		return "", refusal
	}
	stream := m.uuid().String()
	info := m.edition.capabilities(*call.Subscribe.FrameworkInfo)
	if problem := m.subscribeProblem(&info, call.Subscribe.SuppressedRoles); problem != "" {
		m.errorAndClose(stream, problem)
		return stream, nil
	}
	id := info.GetID().GetValue()
	f := m.frameworks[id]
	failedOver := false
	switch {
	case id == "":
		id = fmt.Sprintf("%s-%04d", m.masterID, m.frameworkCount)
		m.frameworkCount++
		fallthrough
	case f == nil:
		info.ID = &mesos.FrameworkID{Value: id}
		f = newFramework(id, info)
		m.frameworks[id] = f
		m.frameworkOrder = append(m.frameworkOrder, f)
	case f.stream != "":
		failedOver = true
		m.errorAndClose(f.stream, "Framework failed over")
		m.takeBackOffers(f)
	}
	f.info = info
	f.stream = stream
	f.epoch++
	f.subscribed = m.now
	f.suppressed = setOf(call.Subscribe.SuppressedRoles)
	m.send(f, &scheduler.Event{Type: scheduler.Event_SUBSCRIBED, Subscribed: &scheduler.Event_Subscribed{
		FrameworkID: &mesos.FrameworkID{Value: id}, HeartbeatIntervalSeconds: seconds(m.options.HeartbeatInterval),
		MasterInfo: m.masterInfo(),
	}})
	m.heartbeat(f, f.epoch)
	if !failedOver { // a connected framework that fails over waits for the next pass (observed in masterfail)
		m.allocate(m.agentOrder)
	}
	return stream, nil
}

// subscribeProblem returns the ERROR the master answers a well-formed SUBSCRIBE with, or "".
func (m *Model) subscribeProblem(info *mesos.FrameworkInfo, suppressed []string) string {
	roles := info.Roles
	if hasCapability(info, mesos.FrameworkInfo_Capability_MULTI_ROLE) {
		if info.Role != nil {
			return "'FrameworkInfo.role' must not be set when the framework is MULTI_ROLE capable"
		}
		seen := map[string]bool{}
		for _, role := range roles {
			if problem := validateRole(role); problem != "" {
				return "'FrameworkInfo.roles' contains invalid role: " + problem
			}
			if seen[role] {
				return "'FrameworkInfo.roles' contains duplicate role '" + role + "'"
			}
			seen[role] = true
		}
	} else {
		if len(roles) > 0 {
			return "'FrameworkInfo.roles' must not be set when the framework is not MULTI_ROLE capable"
		}
		roles = []string{info.GetRole()}
		if problem := validateRole(info.GetRole()); problem != "" {
			return "'FrameworkInfo.role' is not a valid role: " + problem
		}
	}
	for _, role := range roles {
		if strings.Contains(role, "/") && !m.edition.Slashes {
			return "Role '" + role + "' cannot contain a slash"
		}
	}
	if t := info.GetFailoverTimeout(); math.IsNaN(t) || math.Abs(t) > float64(math.MaxInt64)/1e9 {
		return "The framework failover_timeout (" + strconv.FormatFloat(t, 'g', -1, 64) + ") is invalid"
	}
	known := setOf(roles)
	var strange []string
	for _, role := range suppressed {
		if !known[role] {
			strange = append(strange, role)
		}
	}
	if len(strange) > 0 {
		return "Suppressed roles { " + strings.Join(strange, ", ") + " } are not contained in the set of roles"
	}
	if m.removed[info.GetID().GetValue()] {
		return "Framework has been removed"
	}
	return ""
}

func (m *Model) errorAndClose(stream, message string) {
	m.emit(EventTo{StreamID: stream, Event: &scheduler.Event{
		Type: scheduler.Event_ERROR, Error: &scheduler.Event_Error{Message: message}}})
	m.emit(CloseStream{StreamID: stream})
}

func (m *Model) heartbeat(f *framework, epoch int) {
	if f.epoch != epoch || f.stream == "" {
		return
	}
	m.send(f, &scheduler.Event{Type: scheduler.Event_HEARTBEAT})
	m.after(m.options.HeartbeatInterval, func() { m.heartbeat(f, epoch) })
}

func setOf(names []string) map[string]bool {
	set := make(map[string]bool, len(names))
	for _, name := range names {
		set[name] = true
	}
	return set
}

func seconds(d time.Duration) *float64 {
	s := d.Seconds()
	return &s
}
