package launch

import (
	"reflect"
	"testing"

	mesos "github.com/mesos/mesos-go/api/v1/lib"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

func TestResourceRoundTrip(t *testing.T) {
	label := []tasks.Label{{Key: "resource_id", Value: "r1"}, {Key: "framework_id", Value: ""}}
	ours := []tasks.Reservation{{Dynamic: true, Role: "crdb-role", Principal: "crdb", Labels: label}}
	tests := []struct {
		name     string
		resource tasks.Resource
		// refinedOnly: the older format cannot say it.
		refinedOnly bool
	}{
		{"unreserved", tasks.Resource{Kind: "cpus", Scalar: 1500, AllocatedTo: "crdb-role"}, false},
		{"no allocation", tasks.Resource{Kind: "mem", Scalar: tasks.Whole(4096)}, false},
		{"ports", tasks.Resource{Kind: "ports", Ranges: []tasks.PortRange{{Begin: 1, End: 2}, {Begin: 9, End: 9}}}, false},
		{"static", tasks.Resource{Kind: "cpus", Scalar: 1, Reservations: []tasks.Reservation{{Role: "slave_public"}}}, false},
		{"dynamic", tasks.Resource{Kind: "cpus", Scalar: 1, Reservations: ours}, false},
		{"dynamic without principal and labels", tasks.Resource{Kind: "gpus", Scalar: 1000,
			Reservations: []tasks.Reservation{{Dynamic: true, Role: "crdb-role"}}}, false},
		{"refined", tasks.Resource{Kind: "cpus", Scalar: 1, Reservations: []tasks.Reservation{{Role: "slave_public"},
			{Dynamic: true, Role: "slave_public/crdb-role", Principal: "crdb", Labels: label}}}, true},
		{"root volume", tasks.Resource{Kind: "disk", Scalar: 5000, Reservations: ours,
			Disk: &tasks.DiskInfo{PersistenceID: "v1", Principal: "crdb", ContainerPath: "data"}}, false},
		{"mount disk", tasks.Resource{Kind: "disk", Scalar: 5000, Disk: &tasks.DiskInfo{Type: "MOUNT", Root: "/mnt/1"}}, false},
		{"mount volume of a provider", tasks.Resource{Kind: "disk", Scalar: 5000, Provider: "provider-1", Reservations: ours,
			Disk: &tasks.DiskInfo{Type: "MOUNT", Root: "./csi/1", ID: "d1", Profile: "fast", Vendor: "csi.example",
				PersistenceID: "v1", ContainerPath: "data"}}, false},
		{"path disk", tasks.Resource{Kind: "disk", Scalar: 5000, Disk: &tasks.DiskInfo{Type: "PATH", Root: "/mnt/2"}}, false},
		{"raw disk", tasks.Resource{Kind: "disk", Scalar: 5000, Disk: &tasks.DiskInfo{Type: "RAW", ID: "d2"}}, false},
		{"block disk", tasks.Resource{Kind: "disk", Scalar: 5000, Disk: &tasks.DiskInfo{Type: "BLOCK"}}, false},
		{"revocable", tasks.Resource{Kind: "cpus", Scalar: 1, Revocable: true}, false},
		{"shared", tasks.Resource{Kind: "disk", Scalar: 1, Shared: true}, false},
	}
	for _, test := range tests {
		for _, refined := range []bool{true, false} {
			message := Resource(test.resource, refined)
			if got := FromMesos(&message); !reflect.DeepEqual(got, test.resource) {
				t.Errorf("%s, refined %t\ngot  %+v\nwant %+v", test.name, refined, got, test.resource)
			}
			isOld := message.Role != nil || message.Reservation != nil
			if wantOld := !refined && !test.refinedOnly; isOld != wantOld {
				t.Errorf("%s, refined %t: written in the older format: %t", test.name, refined, isOld)
			}
			if isOld && len(message.Reservations) > 0 {
				t.Errorf("%s: both formats at once, which a master refuses", test.name)
			}
		}
	}
}

// TestReservationOfUnknownType is nobody's to use: only dynamic reservations can be ours.
func TestReservationOfUnknownType(t *testing.T) {
	got := FromMesos(&mesos.Resource{Name: "cpus", Reservations: []mesos.Resource_ReservationInfo{{Role: new("crdb-role"),
		Labels: &mesos.Labels{Labels: []mesos.Label{label(tasks.LabelResourceID, "r1")}}}}})
	if got.Unreserved() || got.Label(tasks.LabelResourceID) != "" {
		t.Errorf("got %+v", got)
	}
}

// TestOfferedResources reads what a real master offered in both formats.
func TestOfferedResources(t *testing.T) {
	ours := tasks.Reservation{Dynamic: true, Role: "cockroachdb-role", Principal: "cockroachdb-principal"}
	labelled := ours
	labelled.Labels = []tasks.Label{{Key: "reservation_id", Value: "res-0001"}}
	tests := []struct {
		file    string
		refined bool
		// kind and amount find the resource.
		kind   string
		amount tasks.Milli
		want   tasks.Resource
	}{
		{"offer-legacy.json", false, "disk", tasks.Whole(64), tasks.Resource{Kind: "disk", Scalar: tasks.Whole(64),
			AllocatedTo: "cockroachdb-role", Reservations: []tasks.Reservation{ours}}},
		{"offer-legacy.json", false, "cpus", 4000, tasks.Resource{Kind: "cpus", Scalar: 4000, AllocatedTo: "cockroachdb-role"}},
		{"offer-legacy.json", false, "ports", 0, tasks.Resource{Kind: "ports", AllocatedTo: "cockroachdb-role",
			Ranges: []tasks.PortRange{{Begin: 8080, End: 8090}, {Begin: 26000, End: 27000}, {Begin: 31000, End: 32000}}}},
		{"offer-with-volume.json", true, "disk", tasks.Whole(256), tasks.Resource{Kind: "disk", Scalar: tasks.Whole(256),
			AllocatedTo: "cockroachdb-role", Reservations: []tasks.Reservation{labelled},
			Disk: &tasks.DiskInfo{PersistenceID: "vol-0001", Principal: "cockroachdb-principal", ContainerPath: "data"}}},
		{"offer-with-volume.json", true, "cpus", 600, tasks.Resource{Kind: "cpus", Scalar: 600,
			AllocatedTo: "cockroachdb-role", Reservations: []tasks.Reservation{labelled}}},
	}
	for _, test := range tests {
		var offer mesos.Offer
		readJSON(t, test.file, &offer)
		found := false
		for i := range offer.Resources {
			got := FromMesos(&offer.Resources[i])
			if got.Kind != test.kind || got.Scalar != test.amount {
				continue
			}
			found = true
			if !reflect.DeepEqual(got, test.want) {
				t.Errorf("%s %s\ngot  %+v\nwant %+v", test.file, test.kind, got, test.want)
			}
			if again := Resource(got, test.refined); !again.Equal(offer.Resources[i]) {
				t.Errorf("%s %s\noffered %s\nwritten %s", test.file, test.kind, offer.Resources[i].String(), again.String())
			}
		}
		if !found {
			t.Errorf("%s offers no %s of %s", test.file, test.kind, test.amount)
		}
	}
}
