package offers

import (
	"cmp"
	"slices"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

const (
	// lastPort is the largest port number there is.
	lastPort = 65535
	// firstVirtual is where ports of any number begin on a virtual network, where the container has all of them for
	// itself: just above the privileged ones.
	firstVirtual = 1025
)

// number gives each wanted port a number that no other of them has, or adds the causes why that is not possible.
// Fixed ports come first, so that one without a number never takes the number of one that needs it.
func (e *evaluation) number(wanted []portWant, hostPorts bool) []uint64 {
	numbers := e.numbers[:0]
	for _, port := range wanted {
		numbers = append(numbers, port.Port)
		if port.Port != 0 && hostPorts && !contains(e.free.ports, port.Port) {
			e.refuse(Cause{Kind: PortTaken, Resource: tasks.Ports, Port: port.Port, Name: port.Name})
		}
	}
	e.numbers = numbers
	for i, port := range wanted {
		if port.Port != 0 {
			continue
		}
		ranges := []tasks.PortRange{{Begin: firstVirtual, End: lastPort}}
		if hostPorts {
			ranges = e.free.ports
			slices.SortFunc(ranges, func(a, b tasks.PortRange) int { return cmp.Compare(a.Begin, b.Begin) })
		}
		if numbers[i] = firstFree(ranges, numbers); numbers[i] == 0 {
			e.refuse(Cause{Kind: NoPort, Resource: tasks.Ports, Name: port.Name})
		}
	}
	return numbers
}

// firstFree gives the lowest port of sorted ranges that is not among the used ones, 0 when there is none.
func firstFree(ranges []tasks.PortRange, used []uint64) uint64 {
	for _, ports := range ranges {
		for number := ports.Begin; number <= ports.End; number++ {
			if !slices.Contains(used, number) {
				return number
			}
		}
	}
	return 0
}

func contains(ranges []tasks.PortRange, number uint64) bool {
	for _, ports := range ranges {
		if ports.Begin <= number && number <= ports.End {
			return true
		}
	}
	return false
}

func onePort(number uint64) []tasks.PortRange {
	return []tasks.PortRange{{Begin: number, End: number}}
}
