package bench

import (
	"testing"
	"time"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
)

// endurance is the memory of a scheduler of 1,000 pods that has seen 10,000 agents: its peak until now, and how it grows
// while every pod's health changes again and again, as it does over days.
func endurance(t *testing.T, s *service, m *instant) []figure {
	var resident []float64
	healthy := false
	const changes = 6
	for range changes {
		m.forget()
		running := m.tasks()
		for id, at := range running {
			m.TaskStatus(at.agent, at.framework, mesos.TaskStatus{TaskID: mesos.TaskID{Value: id}, State: mesos.TASK_RUNNING.Enum(),
				Healthy: new(healthy), CheckStatus: check(&mesos.CheckStatusInfo_Command{ExitCode: new(int32(0))})})
		}
		for left := len(running); left > 0; {
			if receive(t, m.calls, s.program, "an acknowledgement").Type == scheduler.Call_ACKNOWLEDGE {
				left--
			}
		}
		healthy = !healthy
		resident = append(resident, megabytes(t, s.Process.Pid, "VmRSS"))
	}
	t.Logf("resident after each 1,000 updates, MB: %.1f", resident)
	return []figure{
		{name: "peak memory of a successor, 1,000 pods, 10,000 agents, 6,000 updates", value: megabytes(t, s.Process.Pid, "VmHWM"), limit: 150, unit: "MB", exact: true},
		{name: "growth of its memory over the last 3,000 updates", value: resident[changes-1] - resident[changes/2-1], limit: 10, unit: "MB", exact: true},
	}
}

// day is the memory that the core holds on to, over a virtual day: a tick every two minutes, and a change of every
// pod's health in four of its hours.
func day(t *testing.T, _ string) []figure {
	s := standing(t, large)
	begin := s.now
	var early float64
	for hour := range 24 {
		for range 30 {
			s.now = s.now.Add(2 * time.Minute)
			s.take(core.Tick{})
		}
		if hour%6 == 1 {
			for name := range s.state.Facts.Records {
				s.change(name)
			}
		}
		s.writes, s.calls = nil, nil
		if hour == 5 {
			early = held()
		}
	}
	t.Logf("%s on the virtual clock, %d entries in the journal", s.now.Sub(begin), s.state.Facts.Journal.Last)
	late := held()
	return []figure{{name: "growth of the core's heap from hour 6 to hour 24, 1,000 pods", value: late - early, limit: 1, unit: "MB", exact: true}}
}
