package pile_test

import (
	"testing"

	mesos "github.com/mesos/mesos-go/api/v1/lib"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model/pile"
)

func scalar(name string, v float64) mesos.Resource {
	return mesos.Resource{Name: name, Type: mesos.SCALAR.Enum(), Scalar: &mesos.Value_Scalar{Value: v}}
}

func ports(pairs ...uint64) mesos.Resource {
	r := mesos.Resource{Name: "ports", Type: mesos.RANGES.Enum(), Ranges: &mesos.Value_Ranges{}}
	for n := 0; n < len(pairs); n += 2 {
		r.Ranges.Range = append(r.Ranges.Range, mesos.Value_Range{Begin: pairs[n], End: pairs[n+1]})
	}
	return r
}

func reserved(r mesos.Resource, role, principal string, labels ...string) mesos.Resource {
	info := mesos.Resource_ReservationInfo{Type: mesos.Resource_ReservationInfo_DYNAMIC.Enum(), Role: &role, Principal: &principal}
	for n := 0; n < len(labels); n += 2 {
		if info.Labels == nil {
			info.Labels = &mesos.Labels{}
		}
		info.Labels.Labels = append(info.Labels.Labels, mesos.Label{Key: labels[n], Value: &labels[n+1]})
	}
	r.Reservations = []mesos.Resource_ReservationInfo{info}
	return r
}

func legacy(r mesos.Resource, role, principal string) mesos.Resource {
	r.Role, r.Reservation = &role, &mesos.Resource_ReservationInfo{Principal: &principal}
	return r
}

func volume(r mesos.Resource, id, path, principal string) mesos.Resource {
	r.Disk = &mesos.Resource_DiskInfo{
		Persistence: &mesos.Resource_DiskInfo_Persistence{ID: id, Principal: &principal},
		Volume:      &mesos.Volume{ContainerPath: path, Mode: mesos.RW.Enum()},
	}
	return r
}

func mount(root string, v float64) mesos.Resource {
	r := scalar("disk", v)
	r.Disk = &mesos.Resource_DiskInfo{Source: &mesos.Resource_DiskInfo_Source{Type: mesos.Resource_DiskInfo_Source_MOUNT,
		Mount: &mesos.Resource_DiskInfo_Source_Mount{Root: &root}}}
	return r
}

func of(t *testing.T, resources ...mesos.Resource) pile.Pile {
	t.Helper()
	p, err := pile.Of(resources)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestSum(t *testing.T) {
	for _, c := range []struct {
		name string
		in   []mesos.Resource
		want string
	}{
		{"equal scalars merge without drift", []mesos.Resource{scalar("cpus", 0.5), scalar("cpus", 0.1)}, "cpus:0.6"},
		{"ranges merge when adjacent", []mesos.Resource{ports(1, 2), ports(3, 4, 9, 9)}, "ports:[1-4, 9-9]"},
		{"other labels are another resource", []mesos.Resource{reserved(scalar("cpus", 1), "r", "p", "a", "1"), reserved(scalar("cpus", 1), "r", "p", "a", "2")},
			"cpus(reservations: [(DYNAMIC,r,p,{a: 1})]):1; cpus(reservations: [(DYNAMIC,r,p,{a: 2})]):1"},
		{"the order of labels does not matter", []mesos.Resource{reserved(scalar("cpus", 1), "r", "p", "a", "1", "b", "2"), reserved(scalar("cpus", 1), "r", "p", "b", "2", "a", "1")},
			"cpus(reservations: [(DYNAMIC,r,p,{a: 1, b: 2})]):2"},
		{"legacy and refined are the same", []mesos.Resource{legacy(scalar("mem", 64), "r", "p"), reserved(scalar("mem", 64), "r", "p")},
			"mem(reservations: [(DYNAMIC,r,p)]):128"},
		{"volumes stay apart", []mesos.Resource{volume(reserved(scalar("disk", 8), "r", "p"), "v", "data", "p"), reserved(scalar("disk", 8), "r", "p")},
			"disk(reservations: [(DYNAMIC,r,p)])[v:data]:8; disk(reservations: [(DYNAMIC,r,p)]):8"},
		{"mounted disks stay apart", []mesos.Resource{mount("/a", 10), mount("/b", 10)}, "disk[MOUNT:/a]:10; disk[MOUNT:/b]:10"},
		{"nothing is nothing", []mesos.Resource{scalar("cpus", 0), ports()}, ""},
	} {
		if got := of(t, c.in...).Text(""); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestMinus(t *testing.T) {
	data := volume(reserved(scalar("disk", 64), "r", "p"), "v", "data", "p")
	for _, c := range []struct {
		name       string
		have, take []mesos.Resource
		want       string
		ok         bool
	}{
		{"part of a scalar", []mesos.Resource{scalar("cpus", 4)}, []mesos.Resource{scalar("cpus", 0.6)}, "cpus:3.4", true},
		{"all of a scalar", []mesos.Resource{scalar("cpus", 4)}, []mesos.Resource{scalar("cpus", 4)}, "", true},
		{"too much", []mesos.Resource{scalar("cpus", 4)}, []mesos.Resource{scalar("cpus", 4.001)}, "cpus:4", false},
		{"twice the same is counted twice", []mesos.Resource{scalar("cpus", 1)}, []mesos.Resource{scalar("cpus", 0.6), reserved(scalar("cpus", 0.6), "r", "p")}, "cpus:1", false},
		{"a port out of a range", []mesos.Resource{ports(1, 10)}, []mesos.Resource{ports(5, 5)}, "ports:[1-4, 6-10]", true},
		{"a port that is not there", []mesos.Resource{ports(1, 10)}, []mesos.Resource{ports(10, 11)}, "ports:[1-10]", false},
		{"a volume by id, size and reservation", []mesos.Resource{data},
			[]mesos.Resource{volume(reserved(scalar("disk", 64), "r", "p"), "v", "elsewhere", "someone")}, "", true},
		{"a volume of another size", []mesos.Resource{data}, []mesos.Resource{volume(reserved(scalar("disk", 32), "r", "p"), "v", "data", "p")},
			"disk(reservations: [(DYNAMIC,r,p)])[v:data]:64", false},
		{"plain disk is not the volume", []mesos.Resource{data}, []mesos.Resource{reserved(scalar("disk", 64), "r", "p")},
			"disk(reservations: [(DYNAMIC,r,p)])[v:data]:64", false},
		{"part of a mounted disk", []mesos.Resource{mount("/a", 10)}, []mesos.Resource{mount("/a", 5)}, "disk[MOUNT:/a]:10", false},
		{"a whole mounted disk", []mesos.Resource{mount("/a", 10), scalar("disk", 10)}, []mesos.Resource{mount("/a", 10)}, "disk:10", true},
	} {
		have := of(t, c.have...)
		rest, ok := have.Minus(of(t, c.take...))
		if ok != c.ok || rest.Text("") != c.want {
			t.Errorf("%s: %t %s, want %t %s", c.name, ok, rest.Text(""), c.ok, c.want)
		}
		if have.Contains(of(t, c.take...)) != c.ok {
			t.Errorf("%s: Contains disagrees with Minus", c.name)
		}
		if before := of(t, c.have...).Text(""); have.Text("") != before {
			t.Errorf("%s: Minus changed its receiver to %s", c.name, have.Text(""))
		}
	}
}

func TestContainsTwiceTheSame(t *testing.T) {
	have, part := of(t, scalar("cpus", 1)), of(t, scalar("cpus", 0.6))
	if !have.Contains(part) || have.Contains(append(append(pile.Pile(nil), part...), part...)) {
		t.Error("0.6 is in 1, twice 0.6 is not")
	}
}

func TestPlusChangesNothingElse(t *testing.T) {
	a, b := of(t, ports(1, 2), scalar("cpus", 1)), of(t, ports(3, 3), scalar("cpus", 2))
	sum := a.Plus(b)
	if got := sum.Text(""); got != "ports:[1-3]; cpus:3" {
		t.Errorf("sum is %s", got)
	}
	if a.Text("") != "ports:[1-2]; cpus:1" || b.Text("") != "ports:[3-3]; cpus:2" {
		t.Errorf("operands became %s and %s", a.Text(""), b.Text(""))
	}
}

func TestCommon(t *testing.T) {
	a := of(t, scalar("cpus", 3.4), reserved(scalar("cpus", 0.6), "r", "p"), ports(1, 5), mount("/a", 10))
	b := of(t, scalar("cpus", 4), ports(4, 9), mount("/a", 10))
	if got := a.Common(b).Text(""); got != "cpus:3.4; ports:[4-5]; disk[MOUNT:/a]:10" {
		t.Errorf("common is %s", got)
	}
}

func TestOwnKeepsTheVolumeAsItWasMade(t *testing.T) {
	have := of(t, volume(reserved(scalar("disk", 64), "r", "p"), "v", "data", "p"), scalar("cpus", 1))
	wanted := of(t, volume(reserved(scalar("disk", 64), "r", "p"), "v", "elsewhere", "p"), scalar("cpus", 0.5))
	if got := have.Own(wanted).Text(""); got != "disk(reservations: [(DYNAMIC,r,p)])[v:data]:64; cpus:0.5" {
		t.Errorf("own is %s", got)
	}
}

func TestWireFormats(t *testing.T) {
	p := of(t, reserved(scalar("disk", 64), "r", "p", "k", "v"), scalar("cpus", 1))
	refined := p.Resources(pile.Format{AllocatedTo: "r"})
	if refined[0].Role != nil || len(refined[0].Reservations) != 1 || refined[0].AllocationInfo.GetRole() != "r" || refined[1].Role != nil {
		t.Errorf("refined: %v", refined)
	}
	old := p.Resources(pile.Format{Legacy: true})
	switch {
	case len(old[0].Reservations) != 0, *old[0].Role != "r", old[0].Reservation.GetPrincipal() != "p",
		old[0].Reservation.Labels.GetLabels()[0].Key != "k", old[0].AllocationInfo != nil:
		t.Errorf("legacy, reserved: %v", old[0])
	case *old[1].Role != "*" || old[1].Reservation != nil:
		t.Errorf("legacy, unreserved: %v", old[1])
	}
	if again := of(t, old...); again.Text("") != p.Text("") {
		t.Errorf("legacy read back is %s", again.Text(""))
	}
}

func TestSetsAreRefused(t *testing.T) {
	set := mesos.Resource{Name: "gpus", Type: mesos.SET.Enum(), Set: &mesos.Value_Set{Item: []string{"a"}}}
	if _, err := pile.Of([]mesos.Resource{set}); err == nil {
		t.Error("a SET resource was taken")
	}
}
