package conformance

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model"
)

// TestProtobuf compares the first events of a recorded protobuf stream, decoded, with the model's own after a way through the
// codec.
func TestProtobuf(t *testing.T) {
	call := &scheduler.Call{}
	data, err := os.ReadFile("testdata/protobuf/subscribe.json")
	if err == nil {
		err = json.Unmarshal(data, call)
	}
	if err != nil {
		t.Fatal(err)
	}
	m := recordedCluster(model.Options{}, 0)
	if _, refusal := m.Subscribe(begin, call); refusal != nil {
		t.Fatal(refusal)
	}
	var said []string
	for _, out := range m.Outputs() {
		wire, err := out.(model.EventTo).Event.Marshal()
		if err != nil {
			t.Fatal(err)
		}
		said = append(said, meanings(t, wire, "master-1")...)
	}
	var real []string
	for n := 1; n <= 3; n++ {
		wire, err := os.ReadFile(fmt.Sprintf("testdata/protobuf/event-%d.pb", n))
		if err != nil {
			t.Fatal(err)
		}
		real = append(real, meanings(t, wire, "727f9618-0b88-469f-aa53-2608fda66d7d")...)
	}
	slices.Sort(said) // the real allocator shuffles agents
	slices.Sort(real)
	if !slices.Equal(said, real) {
		t.Errorf("model: %q\nreal:  %q", said, real)
	}
}

// quotaV2 is a master capability that mesos-go has no name for.
const quotaV2 = mesos.MasterInfo_Capability_Type(3)

func meanings(t *testing.T, wire []byte, masterID string) []string {
	t.Helper()
	event := &scheduler.Event{}
	if err := event.Unmarshal(wire); err != nil {
		t.Fatal(err)
	}
	if info := event.GetSubscribed().GetMasterInfo(); info != nil {
		info.Capabilities = slices.DeleteFunc(info.Capabilities, func(c mesos.MasterInfo_Capability) bool { return c.Type == quotaV2 })
	}
	var list []string
	for _, f := range facts(1, event, func(s string) string { return s }) {
		list = append(list, strings.ReplaceAll(f.channel+" "+f.says, masterID, "M"))
	}
	return list
}
