package e2e

import (
	"fmt"
	"testing"

	lib "github.com/mesos/mesos-go/api/v1/lib"
)

// reservedForPods waits until nothing is reserved but what living tasks of the service stand on: what is reserved is
// in use.
func (s *service) reservedForPods(t *testing.T, m *mesos) {
	t.Helper()
	eventually(t, s.process, "no reservation is left behind", func() error {
		state, pods := m.Server().State(), map[string]int{}
		for _, framework := range state.Frameworks {
			for _, task := range framework.Tasks {
				pods[task.AgentID]++
			}
		}
		for _, agent := range state.Agents {
			used := map[string]bool{}
			for _, resource := range agent.Used {
				used[resourceID(resource)] = true
			}
			for _, resource := range agent.Total {
				if id := resourceID(resource); id != "" && !used[id] {
					return fmt.Errorf("agent %s (%s, %d tasks) keeps %s", agent.Spec.IP, agent.Connection, pods[agent.ID], &resource)
				}
			}
		}
		return nil
	})
}

// resourceID is the label that joins a reservation to a pod, empty without.
func resourceID(resource lib.Resource) string {
	for _, reservation := range resource.Reservations {
		for _, label := range reservation.GetLabels().GetLabels() {
			if label.Key == "resource_id" {
				return label.GetValue()
			}
		}
	}
	return ""
}
