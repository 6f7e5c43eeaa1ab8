package offers_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/offers"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// settled places a pod on a fresh agent and gives the requirement for a launch in place with the offer that the agent
// makes afterwards.
func settled(t *testing.T, req tasks.Requirement, offer offers.Offer) (tasks.Requirement, offers.Offer) {
	t.Helper()
	outcome := offers.Evaluate(req, []offers.Offer{offer}, newIDs(1))
	if outcome.Match == nil {
		t.Fatalf("no first place: %v", outcome.Refusals)
	}
	after := apply(t, offer, outcome.Match)
	req = inPlace(req, outcome.Match)
	// A constraint that no agent satisfies shows that placement is not looked at in place.
	req.Placement = "rack:IS:nowhere"
	return req, after
}

func roomy(name string) offers.Offer {
	return offerOf(name, scalar(tasks.CPUs, 4), scalar(tasks.Mem, 8000), scalar(tasks.Disk, 20000), ports(8000, 8100, 26000, 26300))
}

func TestInPlaceReusesWhatIsHeld(t *testing.T) {
	req, offer := settled(t, node(), roomy("a"))
	list := []offers.Offer{roomy("b"), offer}
	outcome := offers.Evaluate(req, list, newIDs(2))
	if outcome.Match == nil || outcome.Index != 1 || len(outcome.Refusals) != 0 {
		t.Fatalf("got %+v", outcome)
	}
	m := outcome.Match
	if len(m.Reserve)+len(m.Unreserve)+len(m.Create)+len(m.Destroy) != 0 {
		t.Errorf("operations for nothing:\n%s", render(m))
	}
	launchable(t, offer, m)
}

func TestInPlaceChanges(t *testing.T) {
	cases := []struct {
		name   string
		change func(*tasks.Requirement)
	}{
		{"more", func(r *tasks.Requirement) { r.Main.CPUs, r.Main.Mem = tasks.Whole(2), tasks.Whole(4000) }},
		{"less", func(r *tasks.Requirement) { r.Main.CPUs, r.Executor.Disk = tasks.MilliOf(0.5), tasks.Whole(100) }},
		{"ports", func(r *tasks.Requirement) { r.Main.Ports[0].Port, r.Main.Ports[1] = 26258, tasks.PortNeed{Name: "rpc"} }},
		{"port-renamed", func(r *tasks.Requirement) { r.Main.Ports[0].Name = "sql" }},
		{"ports-swapped", func(r *tasks.Requirement) { r.Main.Ports[0].Port, r.Main.Ports[1].Port = 8080, 26257 }},
		{"port-any-keeps-its-number", func(r *tasks.Requirement) { r.Main.Ports[1].Port = 0 }},
		{"virtual-network", func(r *tasks.Requirement) { r.HostPorts = false }},
		{"new-and-gone", func(r *tasks.Requirement) { r.Main.Disk, r.Executor.Disk = tasks.Whole(10), 0 }},
		{"more-than-free-from-what-is-given-back", func(r *tasks.Requirement) {
			r.Executor.Mem, r.Main.Mem = 0, tasks.Whole(8000)
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			req, offer := settled(t, node(), roomy("a"))
			req.Main.Ports = slices.Clone(req.Main.Ports)
			c.change(&req)
			outcome := offers.Evaluate(req, []offers.Offer{offer}, newIDs(2))
			if outcome.Match == nil {
				t.Fatalf("refused: %v", outcome.Refusals)
			}
			golden(t, "stay-"+c.name+".txt", render(outcome.Match))
			after := apply(t, offer, outcome.Match)
			launchable(t, after, outcome.Match)
			again := offers.Evaluate(inPlace(req, outcome.Match), []offers.Offer{after}, newIDs(3))
			if again.Match == nil || len(again.Match.Reserve)+len(again.Match.Unreserve)+len(again.Match.Create) != 0 {
				t.Errorf("a second launch wants changes: %+v", again)
			}
		})
	}
}

func TestInPlaceRefusals(t *testing.T) {
	cases := []struct {
		name   string
		change func(*tasks.Requirement, *offers.Offer)
		causes []string
	}{
		{"too much more", func(r *tasks.Requirement, _ *offers.Offer) { r.Main.Mem = tasks.Whole(8000) },
			[]string{"mem 5000 needed beyond what cockroachdb-1 holds, 4968 free"}},
		{"too much new", func(r *tasks.Requirement, _ *offers.Offer) { r.Main.Disk = tasks.Whole(20000) },
			[]string{"disk 20000 needed beyond what cockroachdb-1 holds, 14744 free"}},
		{"a reservation of another role does not grow", func(r *tasks.Requirement, _ *offers.Offer) {
			r.Role, r.Main.CPUs = "new-role", tasks.Whole(2)
		}, []string{"cpus 1 needed beyond what cockroachdb-1 holds, 0 free"}},
		{"port taken", func(r *tasks.Requirement, _ *offers.Offer) {
			r.Main.Ports = []tasks.PortNeed{{Name: "pg", Port: 5}, {Name: "http", Port: 8080}}
		}, []string{"port 5 (pg) is taken or not offered"}},
		{"bigger volume", volumeOf(func(v *tasks.VolumeNeed) { v.Size = tasks.Whole(6000) }),
			[]string{"the volume of cockroachdb-1 cannot change in place: it has 5000 MiB, 6000 are asked for"}},
		{"smaller volume elsewhere", volumeOf(func(v *tasks.VolumeNeed) { v.Size, v.Path = tasks.Whole(4000), "data" }),
			[]string{"the volume of cockroachdb-1 cannot change in place: it has 5000 MiB, 4000 are asked for",
				"the volume of cockroachdb-1 cannot change in place: it is mounted at cockroachdb-data, data is asked for"}},
		{"volume of another type", volumeOf(func(v *tasks.VolumeNeed) { v.Type = tasks.DiskMount }),
			[]string{"the volume of cockroachdb-1 cannot change in place: it is on ROOT disk, MOUNT is asked for"}},
		{"no volume any more", func(r *tasks.Requirement, _ *offers.Offer) { r.Main.Volume = nil },
			[]string{"the volume of cockroachdb-1 cannot change in place: it has a volume of 5000 MiB, none is asked for"}},
		{"volume in use", func(_ *tasks.Requirement, o *offers.Offer) {
			o.Resources = slices.DeleteFunc(slices.Clone(o.Resources), func(r tasks.Resource) bool { return r.PersistenceID() != "" })
		}, []string{"reservation of cockroachdb-1 not in this offer: disk 5000, resource id bee6d912-b344-447b-a3d2-3aa2f4bd8d55"}},
		{"volume lost", func(_ *tasks.Requirement, o *offers.Offer) {
			o.Resources = slices.Clone(o.Resources)
			for i := range o.Resources {
				o.Resources[i] = o.Resources[i].WithoutVolume()
			}
		}, []string{"the reservation of cockroachdb-1 is here, but not its volume 4d5103c5-e949-4b24-b3e8-9d67b161b657"}},
		{"executor still there", func(r *tasks.Requirement, o *offers.Offer) {
			o.Resources = slices.DeleteFunc(slices.Clone(o.Resources), func(x tasks.Resource) bool {
				return x.Label(tasks.LabelResourceID) == r.Held[0].ID() || x.Label(tasks.LabelResourceID) == r.Held[5].ID()
			})
		}, []string{"reservation of cockroachdb-1 not in this offer: cpus 0.1, resource id 32edb602-2c09-41d9-9aa3-47e9cda5dc2d",
			"reservation of cockroachdb-1 not in this offer: ports 26257, resource id f37c6e4a-03dd-4a73-bbba-24662267ad2c"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			req, offer := settled(t, node(), roomy("a"))
			c.change(&req, &offer)
			outcome := offers.Evaluate(req, []offers.Offer{offer}, newIDs(2))
			if outcome.Match != nil || len(outcome.Refusals) != 1 {
				t.Fatalf("wants one refusal: %+v", outcome)
			}
			var got []string
			for _, cause := range outcome.Refusals[0].Causes {
				got = append(got, cause.String())
				if remedy := cause.Remedy(); !strings.HasSuffix(remedy, ".") {
					t.Errorf("remedy is no sentence: %q", remedy)
				}
			}
			if strings.Join(got, "\n") != strings.Join(c.causes, "\n") {
				t.Errorf("causes:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(c.causes, "\n"))
			}
		})
	}
}

// A lost ACCEPT may leave less or more than the record says; the next launch makes it right under the same ids.
func TestInPlaceMakesAmountsRight(t *testing.T) {
	req, offer := settled(t, node(), roomy("a"))
	offer.Resources = slices.Clone(offer.Resources)
	for i, r := range offer.Resources {
		switch r.Label(tasks.LabelResourceID) {
		case req.Held[3].ID(): // the task's cpus
			offer.Resources[i].Scalar -= 400
		case req.Held[4].ID(): // the task's mem
			offer.Resources[i].Scalar += 1000
		}
	}
	match := offers.Evaluate(req, []offers.Offer{offer}, newIDs(2)).Match
	if match == nil || len(match.Reserve) != 1 || len(match.Unreserve) != 1 {
		t.Fatalf("got %+v", match)
	}
	if r := match.Reserve[0]; r.Scalar != 400 || r.Label(tasks.LabelResourceID) != req.Held[3].ID() {
		t.Errorf("reserves %s", line(r))
	}
	if r := match.Unreserve[0]; r.Scalar != 1000 || r.Label(tasks.LabelResourceID) != req.Held[4].ID() {
		t.Errorf("unreserves %s", line(r))
	}
	launchable(t, apply(t, offer, match), match)
}

func TestWhatIsMissingIsMadeAgainWhenTheRequirementSaysSo(t *testing.T) {
	req, full := settled(t, node(), roomy("a"))
	lost := req.Held[0].Resource
	offer := full
	offer.Resources = nil
	for _, resource := range full.Resources {
		if resource.Label(tasks.LabelResourceID) != req.Held[0].ID() {
			offer.Resources = append(offer.Resources, resource)
		}
	}
	if strict := offers.Evaluate(req, []offers.Offer{offer}, newIDs(2)); strict.Match != nil {
		t.Fatal("what is missing may still be in use: it must not be reserved again at once")
	}
	req.Remake = true
	match := offers.Evaluate(req, []offers.Offer{offer}, newIDs(2)).Match
	if match == nil {
		t.Fatal("refused")
	}
	launchable(t, apply(t, offer, match), match)
	if len(match.Reserve) != 1 || match.Reserve[0].Label(tasks.LabelResourceID) != lost.Label(tasks.LabelResourceID) || len(match.Create) != 0 {
		t.Errorf("got %+v, want only the lost reservation again", match)
	}
}

func TestAVolumeIsNeverMadeAgain(t *testing.T) {
	req, offer := settled(t, node(), roomy("a"))
	req.Remake = true
	if outcome := offers.Evaluate(req, []offers.Offer{roomy("a")}, newIDs(2)); outcome.Match != nil || len(outcome.Refusals) != 1 {
		t.Fatalf("nothing of the pod is there: got %+v", outcome)
	}
	offer.Resources = slices.Clone(offer.Resources)
	for i := range offer.Resources {
		offer.Resources[i] = offer.Resources[i].WithoutVolume()
	}
	outcome := offers.Evaluate(req, []offers.Offer{offer}, newIDs(2))
	if outcome.Match != nil || outcome.Refusals[0].Causes[0].Kind != offers.VolumeLost {
		t.Fatalf("the volume is gone: got %+v", outcome)
	}
}

func volumeOf(change func(*tasks.VolumeNeed)) func(*tasks.Requirement, *offers.Offer) {
	return func(r *tasks.Requirement, _ *offers.Offer) {
		volume := *r.Main.Volume
		change(&volume)
		r.Main.Volume = &volume
	}
}

// An agent that lost its identity comes back under a new id, with the reservations and volumes that it had.
func TestInPlaceFollowsTheReservationsToAnAgentsNewId(t *testing.T) {
	req, offer := settled(t, node(), roomy("a"))
	home := offer
	home.Agent.ID = "agent-a-anew"
	rest := home
	rest.Resources = slices.DeleteFunc(slices.Clone(home.Resources), func(r tasks.Resource) bool {
		return !r.Unreserved() && r.Label(tasks.LabelResourceID) != req.Held[0].ID()
	})
	stranger := roomy("b")
	stranger.Resources = append(slices.Clone(stranger.Resources), tasks.Resource{Kind: tasks.CPUs, Scalar: tasks.Whole(1), AllocatedTo: role,
		Reservations: []tasks.Reservation{{Dynamic: true, Role: role, Principal: principal, Labels: []tasks.Label{{Key: tasks.LabelResourceID, Value: "other"}}}}})
	bare := stranger
	bare.Resources = slices.Clone(stranger.Resources)
	bare.Resources[len(bare.Resources)-1].Reservations = []tasks.Reservation{{Dynamic: true, Role: role, Principal: principal}}
	for _, c := range []struct {
		name string
		list []offers.Offer
		// index of the match, -1 without one; refused are the agents that could not serve.
		index   int
		refused []string
	}{
		{"all of it is there", []offers.Offer{roomy("b"), home}, 1, nil},
		{"a part of it is there: the agent is known, and what is missing is said", []offers.Offer{rest}, -1, []string{"agent-a-anew"}},
		{"reservations of another pod", []offers.Offer{stranger}, -1, nil},
		{"reservations without an id", []offers.Offer{bare}, -1, nil},
		{"the old agent's id without the reservations is still refused", []offers.Offer{roomy("a")}, -1, []string{"agent-a"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			outcome := offers.Evaluate(req, c.list, newIDs(2))
			var refused []string
			for _, refusal := range outcome.Refusals {
				refused = append(refused, refusal.AgentID)
			}
			if outcome.Index != c.index || !slices.Equal(refused, c.refused) {
				t.Fatalf("got match %d, refused %v; want %d, %v", outcome.Index, refused, c.index, c.refused)
			}
			if outcome.Match == nil {
				return
			}
			if m := outcome.Match; m.Agent.ID != "agent-a-anew" || len(m.Reserve)+len(m.Unreserve)+len(m.Create)+len(m.Destroy) != 0 {
				t.Errorf("got %s with operations\n%s", m.Agent.ID, render(m))
			}
			launchable(t, home, outcome.Match)
		})
	}
}
