package offers_test

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/offers"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares text with a file under testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs (write it with -update)\ngot:\n%s\nwant:\n%s", path, got, want)
	}
}

const (
	role      = "cockroachdb-role"
	principal = "cockroachdb-principal"
	framework = "framework-1"
)

func newIDs(seed byte) *tasks.IDs { return tasks.NewIDs([16]byte{seed}) }

// node is the requirement of cockroachdb-1 as the package's options have it.
func node() tasks.Requirement {
	return tasks.Requirement{
		Pod: tasks.Pod{Type: tasks.NodePod, Index: 1}, Task: "cockroachdb-1-node-join",
		Executor: tasks.Need{CPUs: tasks.MilliOf(0.1), Mem: tasks.Whole(32), Disk: tasks.Whole(256)},
		Main: tasks.Need{
			CPUs: tasks.Whole(1), Mem: tasks.Whole(3000),
			Ports:  []tasks.PortNeed{{Name: "pg", Port: 26257}, {Name: "http", Port: 8080}},
			Volume: &tasks.VolumeNeed{Path: "cockroachdb-data", Type: tasks.DiskRoot, Size: tasks.Whole(5000)},
		},
		HostPorts: true, Role: role, Principal: principal, FrameworkID: framework,
	}
}

func scalar(kind string, amount float64) tasks.Resource {
	return tasks.Resource{Kind: kind, Scalar: tasks.MilliOf(amount), AllocatedTo: role}
}

func ports(pairs ...uint64) tasks.Resource {
	r := tasks.Resource{Kind: tasks.Ports, AllocatedTo: role}
	for i := 0; i < len(pairs); i += 2 {
		r.Ranges = append(r.Ranges, tasks.PortRange{Begin: pairs[i], End: pairs[i+1]})
	}
	return r
}

func mountDisk(root string, size float64, profile string) tasks.Resource {
	r := scalar(tasks.Disk, size)
	r.Disk = &tasks.DiskInfo{Type: tasks.DiskMount, Root: root, Profile: profile}
	return r
}

func agent(name string, attributes ...tasks.Attribute) tasks.Agent {
	return tasks.Agent{ID: "agent-" + name, Hostname: name, Attributes: attributes}
}

// offerOf has enough of everything for a node, and then what is given.
func offerOf(name string, resources ...tasks.Resource) offers.Offer {
	if len(resources) == 0 {
		resources = []tasks.Resource{
			scalar(tasks.CPUs, 4), scalar(tasks.Mem, 8000), scalar(tasks.Disk, 20000), ports(1025, 65535),
		}
	}
	return offers.Offer{IDs: []string{"offer-" + name}, Agent: agent(name), Resources: resources}
}

func placed(index int, on tasks.Agent) tasks.Placed {
	pod := tasks.Pod{Type: tasks.NodePod, Index: index}
	return tasks.Placed{Pod: pod, Task: pod.Task("node-join"), Agent: on}
}

// inPlace is the requirement for a launch on what a match holds.
func inPlace(req tasks.Requirement, match *offers.Match) tasks.Requirement {
	req.AgentID, req.Held = match.Agent.ID, match.Held
	return req
}

// same says that two resources differ in nothing but their amount, which is when Mesos merges them.
func same(a, b tasks.Resource) bool {
	return a.Kind == b.Kind && a.Provider == b.Provider && a.Revocable == b.Revocable && a.Shared == b.Shared &&
		a.PersistenceID() == b.PersistenceID() && diskSource(a) == diskSource(b) &&
		slices.EqualFunc(a.Reservations, b.Reservations, func(x, y tasks.Reservation) bool {
			return x.Dynamic == y.Dynamic && x.Role == y.Role && x.Principal == y.Principal && slices.Equal(x.Labels, y.Labels)
		})
}

func diskSource(r tasks.Resource) tasks.DiskInfo {
	bare := r.WithoutVolume()
	if bare.Disk == nil {
		return tasks.DiskInfo{}
	}
	return *bare.Disk
}

// take removes a resource from a list and fails the test when it is not there in full.
func take(t *testing.T, list []tasks.Resource, what tasks.Resource, why string) []tasks.Resource {
	t.Helper()
	for i, have := range list {
		if !same(have, what) || have.Scalar < what.Scalar {
			continue
		}
		ranges, ok := takeRanges(have.Ranges, what.Ranges)
		if !ok {
			continue
		}
		if have.DiskType() == tasks.DiskMount && have.Scalar != what.Scalar {
			t.Fatalf("%s: a part of a MOUNT disk: %+v of %+v", why, what, have)
		}
		list = slices.Clone(list)
		list[i].Scalar -= what.Scalar
		list[i].Ranges = ranges
		if list[i].Scalar == 0 && len(ranges) == 0 {
			list = slices.Delete(list, i, i+1)
		}
		return list
	}
	t.Fatalf("%s: not offered: %+v\noffered: %+v", why, what, list)
	return nil
}

func takeRanges(have, what []tasks.PortRange) ([]tasks.PortRange, bool) {
	open := map[uint64]bool{}
	for _, r := range have {
		for n := r.Begin; n <= r.End; n++ {
			open[n] = true
		}
	}
	for _, r := range what {
		for n := r.Begin; n <= r.End; n++ {
			if !open[n] {
				return nil, false
			}
			delete(open, n)
		}
	}
	if len(what) == 0 {
		return have, true
	}
	var left []tasks.PortRange
	for _, r := range have {
		for n := r.Begin; n <= r.End; n++ {
			if !open[n] {
				continue
			}
			if last := len(left) - 1; last >= 0 && left[last].End == n-1 {
				left[last].End = n
			} else {
				left = append(left, tasks.PortRange{Begin: n, End: n})
			}
		}
	}
	return left, true
}

// give adds a resource, merged as Mesos merges: volumes and MOUNT disks never.
func give(list []tasks.Resource, what tasks.Resource) []tasks.Resource {
	list = slices.Clone(list)
	for i := range list {
		if same(list[i], what) && what.PersistenceID() == "" && what.DiskType() != tasks.DiskMount {
			list[i].Scalar += what.Scalar
			list[i].Ranges = append(slices.Clone(list[i].Ranges), what.Ranges...)
			return list
		}
	}
	return append(list, what)
}

// apply does to an offer what the master does with the operations of a match, and fails the test where the master
// would refuse.
func apply(t *testing.T, offer offers.Offer, match *offers.Match) offers.Offer {
	t.Helper()
	list := offer.Resources
	popped := func(r tasks.Resource) tasks.Resource {
		r.Reservations = r.Reservations[:len(r.Reservations)-1]
		if len(r.Reservations) == 0 {
			r.Reservations = nil
		}
		return r
	}
	for _, r := range match.Unreserve {
		list = give(take(t, list, r, "UNRESERVE"), popped(r))
	}
	for _, r := range match.Reserve {
		if r.PersistenceID() != "" {
			t.Fatalf("RESERVE names a volume: %+v", r)
		}
		list = give(take(t, list, popped(r), "RESERVE"), r)
	}
	for _, r := range match.Create {
		if r.Disk == nil || r.Disk.Principal != principal || r.Disk.ContainerPath == "" {
			t.Fatalf("CREATE without principal or path: %+v", r)
		}
		list = give(take(t, list, r.WithoutVolume(), "CREATE"), r)
	}
	offer.Resources = list
	return offer
}

// launchable fails the test unless the offer has everything that the match holds.
func launchable(t *testing.T, offer offers.Offer, match *offers.Match) {
	t.Helper()
	list := offer.Resources
	for _, held := range match.Held {
		list = take(t, list, held.Resource, "LAUNCH_GROUP")
	}
}
