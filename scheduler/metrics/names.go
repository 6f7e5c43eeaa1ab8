package metrics

import "strings"

// promName is a metric's name in Prometheus: dots become underscores, as the SDK has it, and so does everything else
// that may not stand in a name (https://prometheus.io/docs/concepts/data_model/).
func promName(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '_':
			return r
		}
		return '_'
	}, name)
}

// meanings are the help texts of metrics with a fixed name.
var meanings = map[string]string{
	"offers.received":   "Offers received from the master.",
	"offers.processed":  "Offers that were evaluated.",
	"offers.rescinded":  "Offers that the master took back.",
	"declines.short":    "Offers declined for a short time.",
	"declines.long":     "Offers declined for a long time.",
	"revives":           "Times that offers were asked for.",
	"revives.throttles": "Times that asking for offers was put off, because it was done too often.",
	"launches":          "Tasks launched.",
	"kills":             "Tasks that the master was told to kill.",
	"suppresses":        "Times that the master was told that no offers are wanted.",
	"is_suppressed":     "1 while no offers are wanted.",
	"is_connected":      "1 while the master is connected.",
	"records":           "Tasks that the scheduler keeps a record of.",
	"delays":            "Tasks that failed and are not ready again.",
	"tasks_ready":       "Tasks that run and passed their readiness check.",
}

// kinds are the help texts of metrics whose name ends in what it counts.
var kinds = []struct{ prefix, meaning string }{
	{"operation.", "Operations of this type sent to the master."},
	{"task_status.", "Status updates with this state."},
	{"plan_status.", "Status of the plan: -1 error, 0 complete, 1 waiting or pending, 2 active, 3 delayed."},
}

// meaning is a metric's help text.
func meaning(name string) string {
	if text, ok := meanings[name]; ok {
		return text
	}
	for _, kind := range kinds {
		if strings.HasPrefix(name, kind.prefix) {
			return kind.meaning
		}
	}
	return "Counted since the scheduler started."
}
