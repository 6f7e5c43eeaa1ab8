package config

import "testing"

func TestStatsDWantsAHostAndAPort(t *testing.T) {
	for _, tt := range []struct {
		environ []string
		field   string
	}{
		{nil, ""},
		{[]string{"STATSD_UDP_PORT=8125"}, ""},
		{[]string{"STATSD_UDP_HOST=agent", "STATSD_UDP_PORT=8125"}, ""},
		{[]string{"STATSD_UDP_HOST=agent"}, "STATSD_UDP_PORT"},
		{[]string{"STATSD_UDP_HOST=agent", "STATSD_UDP_PORT=0"}, "STATSD_UDP_PORT"},
		{[]string{"STATSD_UDP_HOST=udp://agent", "STATSD_UDP_PORT=8125"}, "STATSD_UDP_HOST"},
		{[]string{"STATSD_UDP_HOST=agent", "STATSD_UDP_PORT=many"}, "STATSD_UDP_PORT"},
	} {
		faults := Parse(append([]string{"PORT_API=8090"}, tt.environ...), today).Faults
		switch {
		case tt.field == "" && len(faults) > 0:
			t.Errorf("%v: %v", tt.environ, faults)
		case tt.field != "" && (len(faults) == 0 || faults[0].Field != tt.field || faults[0].Remedy == ""):
			t.Errorf("%v: %v, want one of %s", tt.environ, faults, tt.field)
		}
	}
	if address := settingsOf(t, "STATSD_UDP_PORT=8125").StatsD.Address(); address != "" {
		t.Errorf("a port alone pushes to %q", address)
	}
}
