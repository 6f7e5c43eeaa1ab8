package probe

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"
	"github.com/google/uuid"
)

// nameless says that the cluster exists and that nobody has told its id: the nodes were taken over and run no helper of ours
// that would report it.
func nameless(state core.State) bool {
	return state.Facts.Cluster.Initialised && state.Facts.Cluster.ID == ""
}

// clusterLimit bounds the answer in bytes; it holds a few hundred.
const clusterLimit = 64 << 10

// cluster asks a node for the id of its cluster.
func (p Prober) cluster(ctx context.Context, way via, record tasks.Record) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, cmp.Or(p.Limit, answerLimit))
	defer cancel()
	page := url.URL{Scheme: way.scheme, Host: net.JoinHostPort(record.Address(), strconv.FormatUint(record.Ports[httpPort], 10)), Path: cockroach.ClusterPath}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, page.String(), nil)
	if err != nil {
		return "", fmt.Errorf("ask the node for its cluster: %w", err)
	}
	response, err := way.client.Do(request)
	if err != nil {
		return "", fmt.Errorf("ask the node for its cluster: %w", err)
	}
	defer response.Body.Close()
	if cockroach.ReadMembership(response.StatusCode) != cockroach.Member {
		return "", fmt.Errorf("%s answers %s", page.String(), response.Status)
	}
	var answer struct {
		ClusterID string `json:"clusterId"`
		Old       string `json:"cluster_id"` // releases differ in how they spell it
	}
	if err := json.NewDecoder(io.LimitReader(response.Body, clusterLimit)).Decode(&answer); err != nil {
		return "", fmt.Errorf("read %s: %w", page.String(), err)
	}
	id, err := uuid.Parse(cmp.Or(answer.ClusterID, answer.Old))
	if err != nil || id == uuid.Nil {
		return "", fmt.Errorf("%s names no cluster", page.String())
	}
	return id.String(), nil
}
