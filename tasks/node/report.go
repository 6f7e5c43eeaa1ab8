package node

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// ClusterPath is where the scheduler's API takes a node's report.
const ClusterPath = "/v1/cluster"

// ClusterReport is the body of a POST to ClusterPath. The scheduler answers 2xx when it has stored the id, or had it, and 409
// when it knows another one.
type ClusterReport struct {
	ClusterID string `json:"clusterId"`
	TaskID    string `json:"taskId"`
	// DeadNodes are numbers of CRDB_DEAD_NODES that the database has taken out. Older schedulers do not know the field and
	// leave it alone.
	DeadNodes []int `json:"deadNodes,omitempty"`
}

// reporter tells the scheduler which cluster a node is in, and which dead nodes are out of it.
type reporter struct {
	client  *http.Client
	url     string
	journal *Journal
	// first and longest are the pauses between tries: doubled from one to the other.
	first, longest time.Duration
}

// run tries until the scheduler has answered 2xx (nil) or 409 (a *Fault), or ctx ends.
func (r reporter) run(ctx context.Context, report ClusterReport) error {
	pause := r.first
	notice := newNotice(r.journal)
	what := "the cluster's id"
	if len(report.DeadNodes) > 0 {
		what = "that dead nodes were taken out"
	}
	for {
		status, answer, err := r.post(ctx, report)
		switch {
		case err == nil && status/100 == 2:
			return nil
		case err == nil && status == http.StatusConflict:
			return &Fault{Code: tasks.ExitIdentity,
				Problem: fmt.Sprintf("this node is in cluster %s, and the scheduler knows another one (%s)", report.ClusterID, answer),
				Remedy:  "The database is stopped. Replace this pod to give it an empty volume, if the data of this one is not wanted"}
		case err == nil:
			err = fmt.Errorf("it answers %d (%s)", status, answer)
		}
		notice.say("cannot report %s to the scheduler at %s, trying on: %v", what, r.url, err)
		if !sleep(ctx, pause) {
			return ctx.Err()
		}
		pause = min(2*pause, r.longest)
	}
}

func (r reporter) post(ctx context.Context, report ClusterReport) (int, string, error) {
	body, err := json.Marshal(report)
	if err != nil {
		return 0, "", err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, r.url, bytes.NewReader(body))
	if err != nil {
		return 0, "", err
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := r.client.Do(request)
	if err != nil {
		return 0, "", err
	}
	defer response.Body.Close()
	answer, _ := io.ReadAll(io.LimitReader(response.Body, 500)) // for the message alone
	return response.StatusCode, strings.Join(strings.Fields(string(answer)), " "), nil
}
