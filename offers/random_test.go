package offers_test

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/offers"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// world makes random requirements and offers from a seed, small enough that they often nearly fit.
type world struct{ *rand.Rand }

func (w world) upTo(most int64) tasks.Milli { return tasks.Milli(w.Int64N(most*1000 + 1)) }

func (w world) need(names []string) tasks.Need {
	need := tasks.Need{CPUs: w.upTo(2), Mem: w.upTo(1000), Disk: w.upTo(100)}
	if w.IntN(4) == 0 {
		need.Disk = 0
	}
	for _, name := range names {
		if w.IntN(2) == 0 {
			port := tasks.PortNeed{Name: name}
			if w.IntN(2) == 0 {
				// Every name has numbers of its own, so that no two fixed ports collide.
				port.Port = 7000 + uint64(name[0]-'a')*10 + w.Uint64N(10)
			}
			need.Ports = append(need.Ports, port)
		}
	}
	if w.IntN(2) == 0 {
		need.Volume = &tasks.VolumeNeed{Path: "data", Type: tasks.DiskRoot, Size: 1 + w.upTo(500)}
		if w.IntN(2) == 0 {
			need.Volume.Type = tasks.DiskMount
		}
	}
	return need
}

func (w world) requirement() tasks.Requirement {
	req := node()
	req.Executor, req.Main = w.need([]string{"a", "b"}), w.need([]string{"c", "d"})
	req.HostPorts = w.IntN(5) > 0
	return req
}

// offer has scalars in one or two pieces, now and then some that may not be taken, and a few MOUNT disks.
func (w world) offer() offers.Offer {
	var list []tasks.Resource
	for kind, most := range map[string]int64{tasks.CPUs: 3, tasks.Mem: 1500, tasks.Disk: 900} {
		for range 1 + w.IntN(2) {
			list = append(list, tasks.Resource{Kind: kind, Scalar: 1 + w.upTo(most), AllocatedTo: role})
		}
		if w.IntN(2) == 0 {
			list = append(list, with(scalar(kind, float64(most)), func(r *tasks.Resource) {
				switch w.IntN(4) {
				case 0:
					r.Revocable = true
				case 1:
					r.Shared = true
				case 2:
					r.Provider = "csi"
				case 3:
					r.Reservations = []tasks.Reservation{{Role: role}}
				}
			}))
		}
	}
	slices.SortFunc(list, func(a, b tasks.Resource) int { return int(a.Scalar - b.Scalar) })
	for range w.IntN(4) {
		begin := 7000 + w.Uint64N(40)
		list = append(list, ports(begin, begin+w.Uint64N(3)))
	}
	for i := range w.IntN(3) {
		list = append(list, mountDisk("/m"+string(rune('0'+i)), 1+float64(w.IntN(600)), ""))
	}
	return offers.Offer{IDs: []string{"o"}, Agent: agent("a"), Resources: mergePorts(mergeScalars(list))}
}

// mergeScalars leaves one resource of each kind, so that the checker of this test need not put pieces together.
func mergeScalars(list []tasks.Resource) []tasks.Resource {
	var merged []tasks.Resource
	for _, r := range list {
		merged = give(merged, r)
	}
	return merged
}

// mergePorts removes what two ranges have in common, which no agent offers twice.
func mergePorts(list []tasks.Resource) []tasks.Resource {
	seen := map[uint64]bool{}
	for i := range list {
		var ranges []tasks.PortRange
		for _, r := range list[i].Ranges {
			for n := r.Begin; n <= r.End; n++ {
				if !seen[n] {
					seen[n] = true
					ranges = append(ranges, tasks.PortRange{Begin: n, End: n})
				}
			}
		}
		list[i].Ranges = ranges
	}
	return list
}

// exact fails the test unless a match holds exactly what the requirement asks for.
func exact(t *testing.T, req tasks.Requirement, match *offers.Match) {
	t.Helper()
	ids := map[string]bool{}
	for _, held := range match.Held {
		if held.ID() == "" || ids[held.ID()] || held.Resource.Label(tasks.LabelFrameworkID) != framework {
			t.Fatalf("no resource id of its own: %s", line(held.Resource))
		}
		ids[held.ID()] = true
	}
	numbers := map[uint64]bool{}
	for holder, need := range map[tasks.Holder]tasks.Need{tasks.ForExecutor: req.Executor, tasks.ForTask: req.Main} {
		sums := map[string]tasks.Milli{}
		volumes, portsHeld := 0, 0
		for _, held := range match.Held {
			switch r := held.Resource; {
			case held.For != holder:
			case r.Kind == tasks.Ports:
				portsHeld++
				if match.Ports[held.Port] != r.Ranges[0].Begin || r.Ranges[0].Begin != r.Ranges[0].End {
					t.Fatalf("port %s is %d, held is %s", held.Port, match.Ports[held.Port], line(r))
				}
			case r.PersistenceID() != "":
				volumes++
				if r.Scalar < need.Volume.Size || (need.Volume.Type == tasks.DiskRoot && r.Scalar != need.Volume.Size) || r.DiskType() != need.Volume.Type {
					t.Fatalf("volume %+v held as %s", need.Volume, line(r))
				}
			default:
				sums[r.Kind] += r.Scalar
			}
		}
		if sums[tasks.CPUs] != need.CPUs || sums[tasks.Mem] != need.Mem || sums[tasks.Disk] != need.Disk {
			t.Fatalf("%s needs %+v, holds %v", holder, need, sums)
		}
		if (need.Volume != nil) != (volumes == 1) || (req.HostPorts && portsHeld != len(need.Ports)) || (!req.HostPorts && portsHeld != 0) {
			t.Fatalf("%s needs %+v, holds %d volumes and %d ports", holder, need, volumes, portsHeld)
		}
		for _, port := range need.Ports {
			number := match.Ports[port.Name]
			if number == 0 || numbers[number] || (port.Port != 0 && port.Port != number) {
				t.Fatalf("port %+v got %d", port, number)
			}
			numbers[number] = true
		}
	}
}

func untouched(t *testing.T, req tasks.Requirement, offer offers.Offer, before *offers.Match) {
	t.Helper()
	outcome := offers.Evaluate(inPlace(req, before), []offers.Offer{offer}, newIDs(9))
	if outcome.Match == nil {
		t.Fatalf("does not fit where it is: %v", outcome.Refusals)
	}
	m := outcome.Match
	if len(m.Reserve)+len(m.Unreserve)+len(m.Create)+len(m.Destroy) != 0 || !maps.Equal(m.Ports, before.Ports) {
		t.Fatalf("changes something where nothing changed:\n%s\nbefore:\n%s", render(m), render(before))
	}
	if len(m.Held) != len(before.Held) {
		t.Fatalf("holds something else:\n%s\nbefore:\n%s", render(m), render(before))
	}
	for i := range m.Held {
		if line(m.Held[i].Resource) != line(before.Held[i].Resource) {
			t.Fatalf("holds %s instead of %s", line(m.Held[i].Resource), line(before.Held[i].Resource))
		}
	}
}

// Any requirement on any offer: never more is reserved than is offered, what is held is exactly what is needed, and
// once it is held the same launch needs no operation. Then the need changes, and the same must be true again.
func TestRandomLaunchesAreExactAndSettle(t *testing.T) {
	first, changed, refused := 0, 0, 0
	for seed := range uint64(6000) {
		w := world{rand.New(rand.NewPCG(seed, 1))}
		req, offer := w.requirement(), w.offer()
		outcome := offers.Evaluate(req, []offers.Offer{offer}, newIDs(1))
		if fits(req, offer) != (outcome.Match != nil) {
			t.Fatalf("seed %d: fits %v, outcome %+v", seed, fits(req, offer), outcome)
		}
		if outcome.Match == nil {
			refused++
			continue
		}
		first++
		exact(t, req, outcome.Match)
		after := apply(t, offer, outcome.Match)
		launchable(t, after, outcome.Match)
		untouched(t, req, after, outcome.Match)

		next := w.requirement()
		next.Executor.Volume, next.Main.Volume = req.Executor.Volume, req.Main.Volume
		second := offers.Evaluate(inPlace(next, outcome.Match), []offers.Offer{after}, newIDs(2))
		if second.Match == nil {
			if len(second.Refusals) != 1 || len(second.Refusals[0].Causes) == 0 {
				t.Fatalf("seed %d: refused without a cause: %+v", seed, second)
			}
			continue
		}
		changed++
		exact(t, next, second.Match)
		later := apply(t, after, second.Match)
		launchable(t, later, second.Match)
		untouched(t, next, later, second.Match)
	}
	if first < 300 || changed < 100 || refused < 300 {
		t.Errorf("the random cases test too little: %d first, %d changed, %d refused", first, changed, refused)
	}
}

// fits says by adding up, without the code under test, whether a requirement fits an offer.
func fits(req tasks.Requirement, offer offers.Offer) bool {
	sums := map[string]tasks.Milli{}
	open := map[uint64]bool{}
	var disks []tasks.Milli
	for _, r := range offer.Resources {
		if r.Revocable || r.Shared || r.Provider != "" || len(r.Reservations) > 0 {
			continue
		}
		if r.DiskType() == tasks.DiskMount {
			disks = append(disks, r.Scalar)
			continue
		}
		sums[r.Kind] += r.Scalar
		for _, ports := range r.Ranges {
			for n := ports.Begin; n <= ports.End; n++ {
				open[n] = true
			}
		}
	}
	slices.Sort(disks)
	var sizes []tasks.Milli
	fixed, loose := 0, 0
	for _, need := range []tasks.Need{req.Executor, req.Main} {
		sums[tasks.CPUs] -= need.CPUs
		sums[tasks.Mem] -= need.Mem
		sums[tasks.Disk] -= need.Disk
		if need.Volume != nil && need.Volume.Type == tasks.DiskRoot {
			sums[tasks.Disk] -= need.Volume.Size
		} else if need.Volume != nil {
			sizes = append(sizes, need.Volume.Size)
		}
		for _, port := range need.Ports {
			if port.Port == 0 {
				loose++
				continue
			}
			if req.HostPorts && !open[port.Port] {
				return false
			}
			fixed++
		}
	}
	slices.Sort(sizes)
	for len(sizes) > 0 {
		last := len(sizes) - 1
		if len(disks) == 0 || disks[len(disks)-1] < sizes[last] {
			return false
		}
		sizes, disks = sizes[:last], disks[:len(disks)-1]
	}
	for _, left := range sums {
		if left < 0 {
			return false
		}
	}
	return !req.HostPorts || fixed+loose <= len(open)
}
