package node

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/google/uuid"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"
)

// askLimit bounds one question to a node: with the quorum lost some pages never answer (observed with v20.1.5).
const askLimit = 5 * time.Second

// maxBody bounds how much of an answer is read.
const maxBody = 1 << 20

// ask gets a page of the node at address and returns its status code and the beginning of its body.
func (w web) ask(ctx context.Context, address, path string) (int, []byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, w.scheme+"://"+address+path, nil)
	if err != nil {
		return 0, nil, fmt.Errorf("ask %s for %s: %w", address, path, err)
	}
	response, err := w.client(address).Do(request)
	if err != nil {
		return 0, nil, fmt.Errorf("ask the node: %w", err) // names method and address
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxBody))
	if err != nil {
		return 0, nil, fmt.Errorf("read the answer of %s to %s: %w", address, path, err)
	}
	return response.StatusCode, body, nil
}

// askCluster asks the node at address for its cluster. The id is empty while it is in none; membership is MemberUnknown with
// an error when the answer proves nothing, and Member with an error when only the cluster's id could not be had.
func (w web) askCluster(ctx context.Context, address string) (cockroach.Membership, string, error) {
	status, body, err := w.ask(ctx, address, cockroach.ClusterPath)
	if err != nil {
		return cockroach.MemberUnknown, "", err
	}
	membership := cockroach.ReadMembership(status)
	if membership != cockroach.Member {
		if membership == cockroach.MemberUnknown {
			err = fmt.Errorf("ask %s for its cluster: it answers %d %s", address, status, reason(body))
		}
		return membership, "", err
	}
	if status == http.StatusUnauthorized {
		if w.cluster == nil {
			return membership, "", fmt.Errorf("ask %s for its cluster: it wants a login", address)
		}
		id, err := w.cluster(ctx, address)
		return membership, id, err
	}
	var answer struct {
		ClusterID string `json:"clusterId"`
		Old       string `json:"cluster_id"` // releases differ in how they spell it
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return cockroach.MemberUnknown, "", fmt.Errorf("ask %s for its cluster: %w", address, err)
	}
	answer.ClusterID = cmp.Or(answer.ClusterID, answer.Old)
	id, err := uuid.Parse(answer.ClusterID)
	if err != nil {
		return cockroach.MemberUnknown, "", fmt.Errorf("ask %s for its cluster: it names the cluster %q, which is no UUID", address, answer.ClusterID)
	}
	if id == uuid.Nil {
		return cockroach.NotMember, "", nil
	}
	return cockroach.Member, id.String(), nil
}
