package render

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

// Reservations writes what is reserved for the service, by agent: for which pod, of which kind, and how much. Errors are
// those of w.
func Reservations(w io.Writer, reservations wire.ReservationDetails) error {
	var rows [][]string
	for _, host := range slices.Sorted(maps.Keys(reservations)) {
		for _, one := range reservations[host] {
			rows = append(rows, []string{host, one.Pod, one.For, one.Kind, amount(one), one.ID})
		}
	}
	return Table(w, []string{"agent", "pod", "for", "kind", "amount", "resource id"}, rows)
}

// ReservationIDs writes the same of a scheduler that tells the ids alone. Errors are those of w.
func ReservationIDs(w io.Writer, reservations wire.DebugReservations) error {
	var rows [][]string
	for _, host := range slices.Sorted(maps.Keys(reservations)) {
		for _, id := range reservations[host] {
			rows = append(rows, []string{host, id})
		}
	}
	return Table(w, []string{"agent", "resource id"}, rows)
}

// amount is how much is reserved, with its unit: "1", "3000 MiB", "26257 (pg)".
func amount(one wire.Reservation) string {
	if len(one.Ports) > 0 {
		var numbers []string
		for _, ports := range one.Ports {
			text := fmt.Sprint(ports.Begin)
			if ports.End != ports.Begin {
				text += fmt.Sprintf("-%d", ports.End)
			}
			numbers = append(numbers, text)
		}
		text := strings.Join(numbers, ", ")
		if one.Port != "" {
			text += " (" + one.Port + ")"
		}
		return text
	}
	text := strconv.FormatFloat(one.Amount, 'f', -1, 64)
	switch one.Kind {
	case "mem", "disk", "volume":
		text += " MiB"
	}
	return text
}
