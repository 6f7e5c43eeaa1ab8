package offers_test

import (
	"fmt"
	"slices"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/offers"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// render is a match as text, one resource a line.
func render(match *offers.Match) string {
	var text strings.Builder
	fmt.Fprintf(&text, "offers %v of %s\n", match.OfferIDs, match.Agent.ID)
	operation := func(name string, list []tasks.Resource) {
		for _, r := range list {
			fmt.Fprintf(&text, "%-9s %s\n", name, line(r))
		}
	}
	operation("DESTROY", match.Destroy)
	operation("UNRESERVE", match.Unreserve)
	operation("RESERVE", match.Reserve)
	operation("CREATE", match.Create)
	for _, held := range match.Held {
		fmt.Fprintf(&text, "HOLD %-8s %s", held.For, line(held.Resource))
		if held.Port != "" {
			fmt.Fprintf(&text, " port=%s", held.Port)
		}
		text.WriteByte('\n')
	}
	var names []string
	for name := range match.Ports {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		fmt.Fprintf(&text, "PORT %s %d\n", name, match.Ports[name])
	}
	return text.String()
}

func line(r tasks.Resource) string {
	text := r.Kind
	if r.Kind == tasks.Ports {
		for _, ports := range r.Ranges {
			text += fmt.Sprintf(" %d-%d", ports.Begin, ports.End)
		}
	} else {
		text += " " + r.Scalar.String()
	}
	for _, reservation := range r.Reservations {
		text += fmt.Sprintf(" | dynamic=%v %s %s", reservation.Dynamic, reservation.Role, reservation.Principal)
		for _, label := range reservation.Labels {
			text += " " + label.Key + "=" + label.Value
		}
	}
	if r.Disk != nil {
		text += fmt.Sprintf(" | disk %+v", *r.Disk)
	}
	if r.AllocatedTo != "" {
		text += " | to " + r.AllocatedTo
	}
	return text
}
