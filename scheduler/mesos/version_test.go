package mesos

import (
	"slices"
	"testing"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
)

// TestWhatWeRegisterAs: a master is told only what it knows, whatever form of address it was found at.
func TestWhatWeRegisterAs(t *testing.T) {
	const (
		roles   = mesos.FrameworkInfo_Capability_MULTI_ROLE
		refined = mesos.FrameworkInfo_Capability_RESERVATION_REFINEMENT
		aware   = mesos.FrameworkInfo_Capability_PARTITION_AWARE
		regions = mesos.FrameworkInfo_Capability_REGION_AWARE
	)
	all := []mesos.FrameworkInfo_Capability_Type{roles, refined, aware, regions}
	for version, want := range map[string][]mesos.FrameworkInfo_Capability_Type{
		"1.2.3": {aware}, "1.3.2": {roles, aware}, "1.4.0": {roles, refined, aware}, "1.5.3": all, "1.12.0": all,
		"": all, "unreadable": all, "2.0": all,
	} {
		m := newMaster(t)
		m.do(func() { m.version = version })
		start(t, testConfig(m.URL))
		info := m.next().call.Subscribe.FrameworkInfo
		var got []mesos.FrameworkInfo_Capability_Type
		for _, capability := range info.Capabilities {
			got = append(got, capability.Type)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q: capabilities %v, want %v", version, got, want)
		}
		if multi := slices.Contains(want, roles); (len(info.Roles) == 1) != multi || (info.Role == nil) != multi {
			t.Errorf("%q: role %v, roles %q", version, info.Role, info.Roles)
		}
	}
}
