package diff

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/config"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// row is what a change of one setting does to a deployed service.
type row struct {
	example
	effect string
	result Result
}

// rows makes every example, in the order of the settings. Variables without effect are left out.
func rows() []row {
	var list []row
	for _, entry := range config.Table() {
		for _, one := range examples {
			if one.name == entry.Name {
				list = append(list, one.row())
			}
		}
	}
	return list
}

// anyDay is today for warnings, which are not looked at here.
var anyDay = time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)

func (e example) row() row {
	given := append([]string{"PORT_API=8090"}, e.given...)
	old := config.Parse(given, anyDay).Settings
	parsed := config.Parse(append(slices.Clone(given), e.name+"="+e.value), anyDay)
	result := Compare(parsed, deployed(old.Target()))
	return row{e, effect(result, old, parsed.Settings, e.name), result}
}

func effect(result Result, old, now config.Settings, name string) string {
	switch {
	case len(result.Bad) > 0:
		return "does not start: " + result.Bad[0].Message
	case old.Root() != now.Root():
		return "deploys another service, with a state of its own; the tasks of the former one run on without a scheduler"
	case len(result.Refused) > 0:
		return "refused: " + clause(result.Refused[0])
	case old.Mesos.Store != now.Mesos.Store:
		return "restarts nothing, and moves no state: move the stored state there before, or the scheduler deploys a new service"
	}
	for _, change := range result.Preview.Changes {
		if change.Setting == name {
			return change.Effect
		}
	}
	return "restarts nothing"
}

// clause is what a refusal says besides the two values.
func clause(fault tasks.Fault) string {
	return strings.TrimPrefix(fault.Message, fmt.Sprintf("cannot change from %q to %q: ", fault.Old, fault.Value))
}

// Reference writes the page docs/reference/changes.md.
func Reference(w io.Writer) error {
	var page strings.Builder
	page.WriteString("# What a change does\n\nConfiguration is changed by starting the scheduler with another environment. " +
		"This page says for each setting what a change of it does to a deployed service. A change that is refused leaves the service as it is: " +
		"the scheduler starts, keeps the former target, goes on recovering, and the plan `deploy` shows ERROR with the reason and the remedy. " +
		"Restarts go through the pods in the order of their numbers, one at a time, each behind the readiness of the one before, in place and on the same volume. " +
		"`cockroachdb-scheduler diff` shows the same for your own values, before you change anything. " +
		"Variables without effect are left out. This page is made from the code by `make generate`; [settings](settings.md) has their meaning.\n\n" +
		"| variable | changed to | what happens |\n|---|---|---|\n")
	for _, one := range rows() {
		value := "`" + one.value + "`"
		if one.what != "" {
			value = one.what
			if len(one.value) < 20 {
				value += ", such as `" + one.value + "`"
			}
		}
		fmt.Fprintf(&page, "| `%s` | %s | %s |\n", one.name, value, one.effect)
	}
	_, err := io.WriteString(w, page.String())
	return err
}
