package launch

import (
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

func TestStatusGolden(t *testing.T) {
	record := testRecord(0, "node-init")
	record.Status = tasks.Status{
		State: tasks.Running, Reason: "REASON_TASK_CHECK_STATUS_UPDATED", Source: "SOURCE_EXECUTOR", Message: "all good",
		Healthy: new(true), HasCheck: true, CheckExit: new(int32(0)), IPs: []string{"10.0.0.7"},
		ContainerID: "c1", ParentID: "c0", At: time.UnixMicro(1795330352890695),
	}
	status := Status(record)
	golden(t, "status", &status)

	unlaunched := Status(tasks.Record{})
	golden(t, "status-empty", &unlaunched)
}

func TestStatusOfUnknownNames(t *testing.T) {
	record := tasks.Record{Status: tasks.Status{State: "TASK_99", Reason: "REASON_99", Source: "SOURCE_99"}}
	if status := Status(record); status.State != nil || status.Reason != nil || status.Source != nil {
		t.Errorf("names that Mesos does not have were written: %s", status.String())
	}
}
