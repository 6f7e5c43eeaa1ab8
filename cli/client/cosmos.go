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
	// Data depends on the type.
	Data CosmosData `json:"data"`
}

// CosmosData are the facts of the refusals that an update can meet.
type CosmosData struct {
	// OldAppID and NewAppID come with AppIdChanged.
	OldAppID string `json:"oldAppId"`
	NewAppID string `json:"newAppId"`
	// ValidVersions come with BadVersionUpdate.
	ValidVersions []string `json:"validVersions"`
	// Errors come with JsonSchemaMismatch.
	Errors []SchemaError `json:"errors"`
}

// SchemaError is one option that does not fit the package.
type SchemaError struct {
	Instance struct {
		Pointer string `json:"pointer"` // "/node/count"
	} `json:"instance"`
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
	Package         struct {
		Version string `json:"version"`
	} `json:"package"`
	// UpgradesTo and DowngradesTo are the versions of the package that the service can change to.
	UpgradesTo   []string `json:"upgradesTo"`
	DowngradesTo []string `json:"downgradesTo"`
}

// Update is a change of an installed service.
type Update struct {
	// PackageVersion is empty to keep the version.
	PackageVersion string
	// Options is a JSON object, nil to keep the options.
	Options json.RawMessage
	// Replace takes Options alone, without those in force.
	Replace bool
}

// Describe asks Cosmos how the service is installed. Errors: ErrNoCosmos,
// *CosmosError, *StatusError, *ReachError, *FormatError.
func (c *Client) Describe(ctx context.Context) (Description, error) {
	if c.target.Direct {
		return Description{}, ErrNoCosmos
	}
	// A describe changes nothing, but Cosmos takes it by POST.
	answer, err := c.cosmos(ctx, "describe", cosmosRequest{AppID: c.target.Service})
	if err != nil {
		return Description{}, err
	}
	return Decode[Description](answer)
}

// Update asks Cosmos to start the service with other options or another version of its package. Errors as those of
// Describe.
func (c *Client) Update(ctx context.Context, u Update) (Answer, error) {
	if c.target.Direct {
		return Answer{}, ErrNoCosmos
	}
	return c.cosmos(ctx, "update", cosmosRequest{c.target.Service, u.PackageVersion, u.Options, &u.Replace})
}

// cosmosRequest is the body of a question to Cosmos.
type cosmosRequest struct {
	AppID          string          `json:"appId"`
	PackageVersion string          `json:"packageVersion,omitempty"`
	Options        json.RawMessage `json:"options,omitempty"`
	Replace        *bool           `json:"replace,omitempty"` // an update has it, a describe does not
}

func (c *Client) cosmos(ctx context.Context, operation string, request cosmosRequest) (Answer, error) {
	body, err := json.Marshal(request)
	if err != nil {
		return Answer{}, fmt.Errorf("encode the question for Cosmos: %w", err)
	}
	answer, err := c.send(ctx, http.MethodPost, c.target.Cosmos+"/service/"+operation, body, cosmosHeader(operation), []int{http.StatusBadRequest})
	if err != nil {
		return Answer{}, err
	}
	if answer.Status == http.StatusBadRequest {
		return Answer{}, c.refusal(answer)
	}
	return answer, nil
}

func (c *Client) refusal(a Answer) error {
	var refused CosmosError
	// Data of another shape than ours is not worth losing the message for.
	err := json.Unmarshal(a.Body, &refused)
	if _, shape := errors.AsType[*json.UnmarshalTypeError](err); (err != nil && !shape) || refused.Type == "" {
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
