package certs

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// Paths of the scheduler's API.
const (
	nodePath   = "/v1/certificates/node"
	servedPath = "/v1/certificates/served"
	// CAPath is the bundle of the cluster's authorities, in PEM.
	CAPath = "/v1/certificates/ca"
)

// answerLimit bounds an answer in bytes.
const answerLimit = 1 << 20

// Desk is where certificates are asked for: the scheduler's API, as one task of one name.
type Desk struct {
	Client *http.Client
	// URL is the API's address without a trailing slash.
	URL    string
	TaskID string
	// Name is what the node's certificate has to be good for.
	Name string
	Say  func(format string, args ...any)
	Now  func() time.Time

	pace pace
}

// answered is an answer that is not a success.
type answered struct {
	status  int
	message string
}

func (a *answered) Error() string { return fmt.Sprintf("it answers %d (%s)", a.status, a.message) }

// post sends one request and reads an answer of 2xx; any other is an *answered.
func (d Desk) post(ctx context.Context, path string, body, into any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, d.URL+path, bytes.NewReader(text))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := d.Client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	said, err := io.ReadAll(io.LimitReader(response.Body, answerLimit))
	if err != nil {
		return err
	}
	if response.StatusCode/100 != 2 {
		return &answered{response.StatusCode, message(said, response.StatusCode)}
	}
	if err := json.Unmarshal(said, into); err != nil {
		return fmt.Errorf("it answers something else than a scheduler does: %w", err)
	}
	return nil
}

// message is what a refusal says in words. Refusals hold no secrets.
func message(body []byte, status int) string {
	var said struct {
		Message string `json:"message"`
	}
	if json.Unmarshal(body, &said) == nil && said.Message != "" {
		return said.Message
	}
	if text := strings.Join(strings.Fields(string(body[:min(len(body), 300)])), " "); text != "" {
		return text
	}
	return http.StatusText(status)
}

// ask asks once for certificates. With a token it is the first of a launch, else a renewal of present.
func (d Desk) ask(ctx context.Context, keys Keys, token string, present *Issued) (*Issued, error) {
	request := wire.NodeRequest{TaskID: d.TaskID, Request: keys.Node.request, Client: keys.Client.request, Token: token}
	if present != nil {
		proof, err := present.prove(tasks.ProveRenewal, d.TaskID, d.Now(), tasks.RenewalBody(request.Request, request.Client))
		if err != nil {
			return nil, err
		}
		request.Proof = &proof
	}
	var answer wire.NodeIssued
	if err := d.post(ctx, nodePath, request, &answer); err != nil {
		return nil, err
	}
	if (answer.Key != "" || answer.ClientKey != "") && !strings.HasPrefix(d.URL, "https://") {
		return nil, &UnfitError{"the key that came with the certificate", errInClear}
	}
	return newIssued(answer, keys, d.Name)
}

// tell says what new connections get.
func (d Desk) tell(ctx context.Context, f finding, present *Issued) (wire.ServedAnswer, error) {
	body := wire.Served{TaskID: d.TaskID, Serial: f.serial, Trust: f.trust}
	if f.problem != nil {
		body.Problem = f.problem.Error()
	}
	var err error
	if body.Proof, err = present.prove(tasks.ProveServed, d.TaskID, d.Now(), tasks.ServedBody(body.Serial, body.Trust, body.Problem)); err != nil {
		return wire.ServedAnswer{}, err
	}
	var answer wire.ServedAnswer
	err = d.post(ctx, servedPath, body, &answer)
	return answer, err
}
