package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
)

// A clusterReport is what a node sends. Fields that are not known here are left alone: a newer helper may send more.
type clusterReport struct {
	ClusterID string `json:"clusterId"`
	TaskID    string `json:"taskId"`
}

// cluster takes a node's report of the cluster that it belongs to: {"clusterId": …, "taskId": …}. The task id, which
// only the scheduler, Mesos and the task know, says who speaks. 200 noted, 404 no such task, 409 another cluster, 503
// no answer in time.
func (h handlers) cluster(w http.ResponseWriter, r *http.Request) {
	report, err := readReport(r.Body)
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		plain(w, http.StatusRequestEntityTooLarge, fmt.Sprintf("The report is larger than %d bytes", tooLarge.Limit))
		return
	case err != nil:
		plain(w, http.StatusBadRequest, fmt.Sprintf(`Couldn't parse the report: %v; send {"clusterId": "…", "taskId": "…"}`, err))
		return
	}
	reply, err := h.source.Ask(r.Context(), core.ClusterReport{TaskID: report.TaskID, ClusterID: report.ClusterID})
	if err != nil {
		plain(w, http.StatusServiceUnavailable, err.Error())
		return
	}
	answer(w, reply.Code, wire.Message{Message: reply.Message})
}

// readReport reads one JSON object and nothing behind it.
func readReport(body io.Reader) (clusterReport, error) {
	var report clusterReport
	decoder := json.NewDecoder(body)
	if err := decoder.Decode(&report); err != nil {
		if errors.Is(err, io.EOF) {
			return clusterReport{}, errors.New("the body is empty")
		}
		return clusterReport{}, err
	}
	_, err := decoder.Token()
	if errors.Is(err, io.EOF) {
		return report, nil
	}
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return clusterReport{}, err
	}
	return clusterReport{}, errors.New("there is something behind the JSON object")
}
