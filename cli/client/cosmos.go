package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
)

// CosmosError is a refusal by Cosmos, in the words it uses
// (application/vnd.dcos.package.error+json).
type CosmosError struct {
	Type    string `json:"type"` // MarathonAppNotFound, …
	Message string `json:"message"`
}

// Error gives Cosmos' message and the type of the error.
func (e *CosmosError) Error() string { return fmt.Sprintf("%s (%s)", e.Message, e.Type) }

// ErrNoCosmos: there is no package manager between a scheduler that is addressed
// directly and the plug-in.
var ErrNoCosmos = errors.New("the settings of a service are kept by DC/OS")

// Description is what Cosmos knows of an installed service.
type Description struct {
	// ResolvedOptions are the options in force, standard values included; nil
	// when this Cosmos does not give them.
	ResolvedOptions json.RawMessage `json:"resolvedOptions"`
}

// Describe asks Cosmos how the service is installed. Errors: ErrNoCosmos,
// *CosmosError, *StatusError, *ReachError, *FormatError.
func (c *Client) Describe(ctx context.Context) (Description, error) {
	if c.target.Direct {
		return Description{}, ErrNoCosmos
	}
	body, err := json.Marshal(map[string]string{"appId": c.target.Service})
	if err != nil {
		return Description{}, fmt.Errorf("encode the question for Cosmos: %w", err)
	}
	// A describe changes nothing, but Cosmos takes it by POST.
	answer, err := c.send(ctx, http.MethodPost, c.target.Cosmos+"/service/describe", body, cosmosHeader("describe"), []int{http.StatusBadRequest})
	if err != nil {
		return Description{}, err
	}
	if answer.Status == http.StatusBadRequest {
		return Description{}, c.refusal(answer)
	}
	return Decode[Description](answer)
}

func (c *Client) refusal(a Answer) error {
	var refused CosmosError
	if json.Unmarshal(a.Body, &refused) != nil || refused.Type == "" {
		return c.statusError(a)
	}
	refused.Message = c.trace.hide(refused.Message)
	return &refused
}

// cosmosHeader names the versions of the question and the answer: Cosmos picks
// the operation's version by them.
func cosmosHeader(operation string) http.Header {
	kind := func(direction string) []string {
		return []string{"application/vnd.dcos.service." + operation + "-" + direction + "+json;charset=utf-8;version=v1"}
	}
	return http.Header{"Content-Type": kind("request"), "Accept": kind("response")}
}
