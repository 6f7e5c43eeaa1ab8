package offers_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/offers"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

func TestNewPlaceReservesExactlyWhatIsNeeded(t *testing.T) {
	offer := offerOf("a")
	outcome := offers.Evaluate(node(), []offers.Offer{offer}, newIDs(1))
	if outcome.Match == nil {
		t.Fatalf("refused: %v", outcome.Refusals)
	}
	golden(t, "match-root.txt", render(outcome.Match))
	launchable(t, apply(t, offer, outcome.Match), outcome.Match)
}

func TestNewPlaceOnMountDisk(t *testing.T) {
	req := node()
	req.Main.Volume.Type = tasks.DiskMount
	offer := offerOf("a", scalar(tasks.CPUs, 4), scalar(tasks.Mem, 8000), scalar(tasks.Disk, 256), ports(1025, 65535),
		mountDisk("/mnt/big", 9000, ""), mountDisk("/mnt/small", 4000, ""), mountDisk("/mnt/fits", 6000, ""), mountDisk("/mnt/fast", 5000, "fast"))
	outcome := offers.Evaluate(req, []offers.Offer{offer}, newIDs(1))
	if outcome.Match == nil {
		t.Fatalf("refused: %v", outcome.Refusals)
	}
	created := outcome.Match.Create
	if len(created) != 1 || created[0].Disk.Root != "/mnt/fits" || created[0].Scalar != tasks.Whole(6000) {
		t.Fatalf("wants the smallest disk that fits as a whole, created %+v", created)
	}
	launchable(t, apply(t, offer, outcome.Match), outcome.Match)

	req.Main.Volume.Profiles = []string{"slow", "fast"}
	outcome = offers.Evaluate(req, []offers.Offer{offer}, newIDs(1))
	if outcome.Match == nil || outcome.Match.Create[0].Disk.Root != "/mnt/fast" {
		t.Fatalf("wants the disk with the profile: %+v", outcome)
	}
}

func TestNewPlaceRefusals(t *testing.T) {
	rack := func(text string) func(*tasks.Requirement) { return func(r *tasks.Requirement) { r.Placement = text } }
	cases := []struct {
		name   string
		change func(*tasks.Requirement)
		offer  []tasks.Resource
		causes []string
	}{
		{"all short", nil, []tasks.Resource{scalar(tasks.CPUs, 1), scalar(tasks.Mem, 3031.999), scalar(tasks.Disk, 5255)},
			[]string{"cpus 1.1 needed, 1 free", "mem 3032 needed, 3031.999 free", "disk 5256 needed, 5255 free",
				"port 26257 (pg) is taken or not offered", "port 8080 (http) is taken or not offered"}},
		{"nothing", nil, []tasks.Resource{scalar("unknown", 1)},
			[]string{"cpus 1.1 needed, 0 free", "mem 3032 needed, 0 free", "disk 5256 needed, 0 free",
				"port 26257 (pg) is taken or not offered", "port 8080 (http) is taken or not offered"}},
		{"reserved, revocable, shared, of a provider, of another role", nil, []tasks.Resource{
			scalar(tasks.CPUs, 4), scalar(tasks.Disk, 20000), ports(1025, 65535),
			with(scalar(tasks.Mem, 8000), func(r *tasks.Resource) { r.Reservations = []tasks.Reservation{{Role: role}} }),
			with(scalar(tasks.Mem, 8000), func(r *tasks.Resource) { r.Revocable = true }),
			with(scalar(tasks.Mem, 8000), func(r *tasks.Resource) { r.Shared = true }),
			with(scalar(tasks.Mem, 8000), func(r *tasks.Resource) { r.Provider = "csi" }),
			with(scalar(tasks.Mem, 8000), func(r *tasks.Resource) { r.AllocatedTo = "other" }),
		}, []string{"mem 3032 needed, 0 free"}},
		{"mount disks do not count as root", nil, []tasks.Resource{
			scalar(tasks.CPUs, 4), scalar(tasks.Mem, 8000), ports(1025, 65535), scalar(tasks.Disk, 300), mountDisk("/m", 90000, ""),
		}, []string{"disk 5256 needed, 300 free"}},
		{"no port left", func(r *tasks.Requirement) { r.Main.Ports[1].Port = 0 },
			[]tasks.Resource{scalar(tasks.CPUs, 4), scalar(tasks.Mem, 8000), scalar(tasks.Disk, 20000), ports(26257, 26257)},
			[]string{"no free port is left for http"}},
		{"no mount disk", mounted, nil, []string{"MOUNT disk of 5000 or more needed, none is free"}},
		{"small mount disk", mounted, mounts(mountDisk("/m", 4000, "")),
			[]string{"MOUNT disk of 5000 or more needed, the biggest free one has 4000"}},
		{"mount disk with a profile", mounted, mounts(mountDisk("/m", 9000, "fast")),
			[]string{"no free MOUNT disk of 5000 or more fits: 1 big enough, but none with a profile that is allowed (no profile)"}},
		{"mount disk in use", mounted, mounts(with(mountDisk("/m", 9000, ""), func(r *tasks.Resource) { r.Disk.PersistenceID = "v" })),
			[]string{"MOUNT disk of 5000 or more needed, none is free"}},
		{"placement", rack("hostname:UNIQUE,rack:IS:r1,@zone:MAX_PER:1"), nil,
			[]string{"placement hostname:UNIQUE: already 1 cockroachdb pod on host a",
				"placement rack:IS:r1: the agent has no attribute rack, r1 is wanted",
				"placement @zone:MAX_PER:1: the agent has no zone"}},
		{"unreadable placement", rack("hostname:UNIK,rack"), nil,
			[]string{`placement row 1 (hostname): "UNIK": there is no such operator`,
				`placement row 2: "rack": a row has 2 or 3 parts, this one has 1`}},
		{"malformed", func(r *tasks.Requirement) {
			r.Main.Ports = []tasks.PortNeed{{Name: "a", Port: 5000}, {Name: "b", Port: 5000}, {Name: "b", Port: 0}}
			r.Main.Volume = &tasks.VolumeNeed{Path: "data", Type: "PATH"}
			r.Executor.CPUs = -1
		}, nil, []string{"cpus -0.001 of the executor is below zero", `volume data has the unknown disk type "PATH"`,
			"volume data has the size 0", "ports a and b both ask for 5000", "two ports have the name b"}},
		{"port beyond the last", func(r *tasks.Requirement) { r.Main.Ports[0].Port = 70000 }, nil,
			[]string{"port pg has the number 70000", "port 70000 (pg) is taken or not offered"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			req := node()
			req.Others = []tasks.Placed{placed(0, agent("a"))}
			if c.change != nil {
				c.change(&req)
			}
			outcome := offers.Evaluate(req, []offers.Offer{offerOf("a", c.offer...)}, newIDs(1))
			if outcome.Match != nil || outcome.Index != -1 || len(outcome.Refusals) != 1 {
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

func TestPortsGetDifferentNumbers(t *testing.T) {
	unnumbered := func(names ...string) (list []tasks.PortNeed) {
		for _, name := range names {
			list = append(list, tasks.PortNeed{Name: name})
		}
		return list
	}
	cases := []struct {
		name   string
		wanted []tasks.PortNeed
		host   bool
		offer  tasks.Resource
		want   map[string]uint64
	}{
		{"lowest first, whatever the order of the ranges", unnumbered("a", "b"), true, ports(9000, 9001, 7000, 7000), map[string]uint64{"a": 7000, "b": 9000}},
		{"any number does not take a fixed one", append(unnumbered("a"), tasks.PortNeed{Name: "b", Port: 7000}), true, ports(7000, 7001), map[string]uint64{"a": 7001, "b": 7000}},
		{"port 0 is none", unnumbered("a"), true, ports(0, 5), map[string]uint64{"a": 1}},
		{"virtual network", append(unnumbered("a", "c"), tasks.PortNeed{Name: "b", Port: 1025}), false, ports(1, 1), map[string]uint64{"a": 1026, "b": 1025, "c": 1027}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			req := node()
			req.Main.Ports, req.HostPorts = c.wanted, c.host
			offer := offerOf("a", scalar(tasks.CPUs, 4), scalar(tasks.Mem, 8000), scalar(tasks.Disk, 20000), c.offer)
			match := offers.Evaluate(req, []offers.Offer{offer}, newIDs(1)).Match
			if match == nil || !maps.Equal(match.Ports, c.want) {
				t.Fatalf("got %+v, want %v", match, c.want)
			}
			held := 0
			for _, h := range match.Held {
				if h.Resource.Kind == tasks.Ports {
					held++
				}
			}
			if want := len(c.wanted); (c.host && held != want) || (!c.host && held != 0) {
				t.Errorf("%d ports are held", held)
			}
			launchable(t, apply(t, offer, match), match)
		})
	}
}

func TestFirstMatchWinsAndEarlierRefusalsAreKept(t *testing.T) {
	req := node()
	req.Placement = "hostname:UNIQUE"
	req.Others = []tasks.Placed{placed(0, agent("a"))}
	list := []offers.Offer{offerOf("a"), offerOf("b", scalar(tasks.CPUs, 1)), offerOf("c"), offerOf("d")}
	outcome := offers.Evaluate(req, list, newIDs(1))
	if outcome.Index != 2 || outcome.Match.OfferIDs[0] != "offer-c" || outcome.Match.Agent.Hostname != "c" {
		t.Fatalf("got %+v", outcome)
	}
	if len(outcome.Refusals) != 2 || outcome.Refusals[0].Hostname != "a" || len(outcome.Refusals[1].Causes) != 5 {
		t.Fatalf("refusals %+v", outcome.Refusals)
	}
}

func with(r tasks.Resource, change func(*tasks.Resource)) tasks.Resource {
	change(&r)
	return r
}

func mounted(r *tasks.Requirement) { r.Main.Volume.Type = tasks.DiskMount }

func mounts(disks ...tasks.Resource) []tasks.Resource {
	return append(disks, scalar(tasks.CPUs, 4), scalar(tasks.Mem, 8000), scalar(tasks.Disk, 20000), ports(1025, 65535))
}
