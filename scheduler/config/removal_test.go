package config

import (
	"slices"
	"strings"
	"testing"
)

// TestARemovalNeedsLittle: a service whose settings broke can be removed all the same, and what is wrong is told.
func TestARemovalNeedsLittle(t *testing.T) {
	broken := []string{"PORT_API=8090", "FRAMEWORK_NAME=/team/crdb", "NODE_COUNT=none", "CONTAINER_PG_PORT=8123", "COCKROACH_VERSION=1", "DISCOVERY=address",
		"FRAMEWORK_USER=no one", "LOG_LEVEL=debug", "STATSD_UDP_HOST=h", "SIDE_MEM=64k", "API_ADVERTISE=x"}
	if parsed := Parse(broken, today); len(parsed.Faults) != 7 {
		t.Fatalf("faults without SDK_UNINSTALL: %v", parsed.Faults)
	}
	parsed := Parse(append(slices.Clone(broken), "SDK_UNINSTALL="), today)
	if len(parsed.Faults) > 0 {
		t.Fatalf("faults with it: %v", parsed.Faults)
	}
	settings := parsed.Settings
	if !settings.Uninstalls() || settings.Root() != "dcos-service-__team__crdb" && settings.Root() != "dcos-service-team__crdb" || settings.Port() != 8090 ||
		settings.Logs.Level != "debug" || settings.StatsD.Address() != "" || settings.Nodes.Count != 3 {
		t.Errorf("got %+v, root %s", settings, settings.Root())
	}
	told := strings.Join(parsed.Warnings, "\n")
	for _, name := range []string{"NODE_COUNT", "COCKROACH_VERSION", "FRAMEWORK_USER", "STATSD_UDP_PORT", "SIDE_MEM", "API_ADVERTISE"} {
		if !strings.Contains(told, name+"=") {
			t.Errorf("nothing is said of %s:\n%s", name, told)
		}
	}
	whole := Parse([]string{"PORT_API=8090", "NODE_COUNT=5", "SDK_UNINSTALL=false"}, today)
	if len(whole.Faults) > 0 || whole.Settings.Nodes.Count != 5 || !whole.Settings.Uninstalls() {
		t.Errorf("valid settings stay as they are: %+v", whole)
	}
}
