package config

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/door"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// Uninstalls says that the service is to be removed: the variable is there, whatever it says (SDK, section 8.1).
func (s Settings) Uninstalls() bool { return s.Service.Uninstall != "" }

// forRemovals are the settings that the removal of a service needs: to reach its state, its lock, its master and its port. What
// is removed stands in the state. A service whose other settings broke has to go all the same.
var forRemovals = []string{"FRAMEWORK_NAME", "SDK_UNINSTALL", "MESOS_MASTER", "STATE_STORE", "DCOS_SERVICE_ACCOUNT_CREDENTIAL",
	"AUTH_TOKEN_REFRESH_THRESHOLD_S", "MESOS_TLS", "DCOS_CA_FILE", "PORT_API", "PORT0",
	// A removal opens its API to nobody whom the service kept out.
	door.CertSetting, door.KeySetting, door.CASetting, door.TokenSetting}

// forRemoval reads an environment with faults once more, as far as a removal needs it. What is wrong with the rest is a warning.
// Logs and metrics are set as usual where nothing is wrong with them, so that a removal can be watched.
func forRemoval(whole Parsed, values map[string]string, today time.Time, files ReadFile) Parsed {
	kept, wrong := map[string]bool{}, map[string]bool{}
	for _, entry := range Table() {
		kept[entry.Name] = slices.Contains(forRemovals, entry.Name) || entry.Group == titles["Logs"] || entry.Group == titles["StatsD"]
		wrong[entry.Group] = wrong[entry.Group] || slices.ContainsFunc(whole.Faults, func(fault tasks.Fault) bool { return fault.Field == entry.Name })
	}
	for _, entry := range Table() {
		if wrong[entry.Group] && !slices.Contains(forRemovals, entry.Name) {
			kept[entry.Name] = false
		}
	}
	reduced := maps.Clone(values)
	maps.DeleteFunc(reduced, func(name, _ string) bool { return !kept[name] })
	parsed := parseValues(reduced, today, files)
	parsed.Warnings = slices.Clone(whole.Warnings)
	for _, fault := range whole.Faults {
		if !slices.ContainsFunc(parsed.Faults, func(same tasks.Fault) bool { return same.Field == fault.Field }) {
			parsed.Warnings = append(parsed.Warnings, fmt.Sprintf("%s=%q %s; that does not matter to the removal of the service, and is left out",
				fault.Field, fault.Value, fault.Message))
		}
	}
	return parsed
}
