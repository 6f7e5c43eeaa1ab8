package takeover

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
)

// Text writes the report for people.
func (r Report) Text(w io.Writer) error {
	var b strings.Builder
	line := func(format string, values ...any) { fmt.Fprintf(&b, format+"\n", values...) }
	if len(r.Refused) > 0 {
		line("Nothing can be taken over yet, and nothing was written:")
		for _, fault := range r.Refused {
			value := ""
			switch {
			case fault.Old != "":
				value = fmt.Sprintf(" (%q, was %q)", fault.Value, fault.Old)
			case fault.Value != "":
				value = fmt.Sprintf(" (%s)", fault.Value)
			}
			line("- %s%s: %s; %s", fault.Field, value, fault.Message, fault.Remedy)
		}
		line("")
	}
	line("Service %s, framework %s, configuration %s of the former scheduler.", r.Service, r.FrameworkID, r.Configuration)
	line("")
	line("Adopted as they are, without a restart:")
	table := tabwriter.NewWriter(&b, 0, 8, 2, ' ', 0)
	fmt.Fprintln(table, "TASK\tSTATE\tREADY\tHOST\tVOLUME\tMB\tPORTS\tVERSION\tEXECUTOR")
	for _, one := range r.Tasks {
		fmt.Fprintf(table, "%s\t%s\t%v\t%s\t%s\t%s\t%s\t%s\t%s\n", one.Task, one.State, one.Ready, one.Host, dash(one.Volume), dash(one.VolumeMB),
			portsText(one.Ports), dash(one.Version), one.Executor)
	}
	if err := table.Flush(); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	for _, one := range r.Tasks {
		if one.Configuration != "" {
			line("%s runs under configuration %s: an update had not reached it.", one.Task, one.Configuration)
		}
	}
	if len(r.Leftovers) > 0 {
		line("\nReservations that belong to none of these, kept until the takeover is confirmed, then given back, their volumes destroyed:")
		for _, one := range r.Leftovers {
			line("- %s on agent %s: %d reservations, volumes %s", one.Task, one.Agent, one.Resources, dash(strings.Join(one.Volumes, ", ")))
		}
	}
	list := func(title string, names []string) {
		if len(names) > 0 {
			line("\n%s", title)
			for _, name := range names {
				line("- %s", name)
			}
		}
	}
	list("Stopped, because this service has no such task (none of them has a volume):", r.Stopped)
	list("Launched afterwards, because the settings want them:", r.Added)
	if len(r.Differences) > 0 {
		line("\nOther than the settings ask, until a task is next launched:")
		for _, one := range r.Differences {
			line("- %s: %s, then %s (%s)", one.What, one.Now, one.Then, strings.Join(one.Tasks, ", "))
		}
	}
	list("For its next launch on its agent each needs this much more that is free there:", r.Room)
	_, err := io.WriteString(w, b.String())
	if err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}

func dash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}

func portsText(ports map[string]uint64) string {
	var list []string
	for _, name := range slices.Sorted(maps.Keys(ports)) {
		list = append(list, fmt.Sprintf("%s=%d", name, ports[name]))
	}
	return dash(strings.Join(list, ","))
}
