package launch

import (
	"errors"
	"testing"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
)

func TestAloneGolden(t *testing.T) {
	for name, network := range map[string]string{"alone": "", "alone-virtual-network": "dcos"} {
		l := Launch{FrameworkID: testFramework, Target: testTarget(), Record: testRecord(0, "node-init"), Alone: true}
		l.Target.Pods[0].Network = network
		task, err := Alone(l)
		if err != nil {
			t.Fatal(err)
		}
		golden(t, name, task)
		info, err := Info(l)
		if err != nil || !info.Equal(task) {
			t.Errorf("%s: Info gives %v, %v", name, info, err)
		}
	}
}

// Whatever a record holds must be in its launch, or it would be offered again while the pod runs.
func TestAloneHasAllThatIsHeld(t *testing.T) {
	l := Launch{FrameworkID: testFramework, Target: testTarget(), Record: testRecord(0, "node-init"), Alone: true}
	task, err := Alone(l)
	if err != nil {
		t.Fatal(err)
	}
	if len(task.Resources) != len(l.Record.Held) || task.Executor != nil || task.Check != nil || task.HealthCheck.GetType() != mesos.HealthCheck_COMMAND {
		t.Errorf("got %v", task)
	}
	var unknown *UnknownSpecError
	if _, err := Alone(Launch{Target: testTarget(), Record: testRecord(1, "nothing")}); !errors.As(err, &unknown) {
		t.Errorf("got %v, want an UnknownSpecError", err)
	}
}
