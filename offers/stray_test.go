package offers_test

import (
	"strings"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/offers"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

func reserved(r tasks.Resource, reservations ...tasks.Reservation) tasks.Resource {
	r.Reservations = reservations
	return r
}

func labelled(in, fw, id string) tasks.Reservation {
	reservation := tasks.Reservation{Dynamic: true, Role: in, Principal: principal}
	if id != "" {
		reservation.Labels = append(reservation.Labels, tasks.Label{Key: tasks.LabelResourceID, Value: id})
	}
	if fw != "" {
		reservation.Labels = append(reservation.Labels, tasks.Label{Key: tasks.LabelFrameworkID, Value: fw})
	}
	return reservation
}

func volume(r tasks.Resource, id string) tasks.Resource {
	info := tasks.DiskInfo{}
	if r.Disk != nil {
		info = *r.Disk
	}
	info.PersistenceID, info.Principal, info.ContainerPath = id, principal, "data"
	r.Disk = &info
	return r
}

func TestStraysAreOursAndUnknown(t *testing.T) {
	static := tasks.Reservation{Role: "pre"}
	untouchable := []tasks.Resource{
		scalar(tasks.CPUs, 1),
		reserved(scalar(tasks.CPUs, 2), labelled(role, framework, "known")),
		reserved(scalar(tasks.CPUs, 3), labelled(role, "framework-2", "other framework")),
		reserved(scalar(tasks.CPUs, 4), labelled(role, "", "no framework")),
		reserved(scalar(tasks.CPUs, 5), labelled(role, framework, "")),
		reserved(scalar(tasks.CPUs, 6), labelled(role, "", "")),
		reserved(scalar(tasks.CPUs, 7), labelled("other-role", framework, "other role")),
		reserved(scalar(tasks.CPUs, 8), static),
		reserved(scalar(tasks.CPUs, 9), labelled(role, framework, "below"), labelled(role+"/sub", "framework-2", "top")),
		volume(reserved(scalar(tasks.Disk, 10), labelled(role, "marathon", "volume")), "of marathon"),
		volume(reserved(scalar(tasks.Disk, 11), labelled(role, framework, "known")), "known volume"),
	}
	strays := []tasks.Resource{
		reserved(scalar(tasks.Mem, 20), labelled(role, framework, "stray")),
		volume(reserved(scalar(tasks.Disk, 21), labelled(role, framework, "stray root")), "root volume"),
		volume(reserved(mountDisk("/m", 22, ""), labelled(role, framework, "stray mount")), "mount volume"),
		reserved(scalar(tasks.CPUs, 23), static, labelled(role, framework, "refined")),
	}
	list := []offers.Offer{
		{IDs: []string{"o1"}, Agent: agent("a"), Resources: untouchable},
		{IDs: []string{"o2", "o3"}, Agent: agent("b"), Resources: append(untouchable, strays...)},
	}
	found := offers.Strays(list, map[string]bool{"known": true}, framework, role, nil)
	if len(found) != 1 || found[0].Index != 1 || found[0].Agent.ID != "agent-b" || strings.Join(found[0].OfferIDs, " ") != "o2 o3" {
		t.Fatalf("found %+v", found)
	}
	var text strings.Builder
	for _, r := range found[0].Destroy {
		text.WriteString("DESTROY   " + line(r) + "\n")
	}
	for _, r := range found[0].Unreserve {
		text.WriteString("UNRESERVE " + line(r) + "\n")
	}
	golden(t, "strays.txt", text.String())
	if again := offers.Strays(list, map[string]bool{"known": true}, "", role, nil); len(again) != 0 {
		t.Errorf("without a framework id nothing is ours: %+v", again)
	}
}

func TestMergeByAgent(t *testing.T) {
	first := offerOf("a", scalar(tasks.CPUs, 1))
	shared := append(make([]string, 0, 4), "o1")
	first.IDs = shared
	list := []offers.Offer{first, offerOf("b", scalar(tasks.CPUs, 2)), {IDs: []string{"o3"}, Agent: agent("a"), Resources: []tasks.Resource{scalar(tasks.Mem, 3), scalar(tasks.CPUs, 1)}}}
	merged := offers.Merge(list)
	if len(merged) != 2 || strings.Join(merged[0].IDs, " ") != "o1 o3" || len(merged[0].Resources) != 3 || merged[1].Agent.Hostname != "b" {
		t.Fatalf("merged %+v", merged)
	}
	if extra := shared[:2][1]; extra != "" || len(list[0].Resources) != 1 {
		t.Errorf("the list that came in was changed: %q", extra)
	}
	req := node()
	req.Main = tasks.Need{CPUs: tasks.MilliOf(1.9), Mem: tasks.Whole(3)}
	req.Executor = tasks.Need{CPUs: tasks.MilliOf(0.1)}
	match := offers.Evaluate(req, merged, newIDs(1)).Match
	if match == nil || len(match.OfferIDs) != 2 {
		t.Fatalf("two offers of an agent serve together: %+v", match)
	}
}
