package s3

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go/aws"
	"github.com/aws/aws-sdk-go/aws/client"
	"github.com/aws/aws-sdk-go/aws/corehandlers"
	"github.com/aws/aws-sdk-go/aws/credentials"
	"github.com/aws/aws-sdk-go/aws/endpoints"
	"github.com/aws/aws-sdk-go/aws/request"
	sdk "github.com/aws/aws-sdk-go/service/s3"
)

// Client talks to one store with one set of keys. Any number of goroutines may use it.
type Client struct {
	api *sdk.S3
	// patient waits longer for an answer: completing an upload of many parts takes a store a while.
	patient *sdk.S3
	host    string
	options checked // without the keys
	growth  growth
	tuning  tuning
	scrub   scrub
}

// tuning is what only tests change.
type tuning struct {
	stall    time.Duration // without a byte in either direction a connection counts as dead
	patience time.Duration // the same while an upload is being completed
	first    time.Duration // the wait before the second try
	slowed   time.Duration // the same after the store asked to slow down
	most     time.Duration // the longest wait between two tries
	abort    time.Duration // the time an abort has
	metadata string        // where the instance's role is asked for; empty: the link-local address
	step     int           // after how many parts the part size doubles; 0: as newGrowth says
}

var standard = tuning{
	stall:    2 * time.Minute,
	patience: 10 * time.Minute,
	first:    100 * time.Millisecond,
	slowed:   500 * time.Millisecond,
	most:     20 * time.Second,
	abort:    30 * time.Second,
}

// New makes a client. All faults of the options are returned at once, joined, each a tasks.Fault; nothing is sent yet.
func New(o Options) (*Client, error) { return newClient(o, standard) }

func newClient(o Options, t tuning) (*Client, error) {
	options, err := o.check()
	if err != nil {
		return nil, err
	}
	address, signing, err := resolve(options)
	if err != nil {
		return nil, err
	}
	keys := credentials.NewStaticCredentials(o.Keys.AccessKeyID, o.Keys.SecretAccessKey, o.Keys.SessionToken)
	if o.IAM {
		keys = credentials.NewCredentials(roleProvider(t.metadata))
	}
	options.Keys = Keys{} // fmt shows unexported fields, whatever their type says
	c := &Client{host: address, options: options, growth: newGrowth(options.PartSize, options.Memory), tuning: t, scrub: scrubber(keys, o.IAM)}
	if t.step > 0 {
		c.growth.step = t.step
	}
	config := aws.Config{
		Region:           aws.String(signing),
		Credentials:      keys,
		S3ForcePathStyle: aws.Bool(options.PathStyle || options.endpoint != nil && isAddress(options.endpoint.Hostname())),
		// Otherwise "a//b" would be stored as "a/b".
		DisableRestProtocolURICleaning: aws.Bool(true),
		Retryer:                        t.retryer(options.Retries, o.IAM),
		LogLevel:                       aws.LogLevel(aws.LogOff),
		Logger:                         aws.LoggerFunc(func(...any) {}),
	}
	c.api = newAPI(config, address, signing, o.UserAgent, transport(options.roots, t.stall))
	c.patient = newAPI(config, address, signing, o.UserAgent, transport(options.roots, t.patience))
	return c, nil
}

// resolve gives the store's address with its scheme, and the region that signs.
func resolve(o checked) (address, signing string, err error) {
	if o.endpoint != nil {
		return o.endpoint.String(), o.Region, nil
	}
	resolved, err := endpoints.DefaultResolver().EndpointFor(sdk.EndpointsID, o.Region, func(e *endpoints.Options) {
		e.S3UsEast1RegionalEndpoint = endpoints.RegionalS3UsEast1Endpoint
		e.ResolveUnknownService = true
	})
	if err != nil {
		return "", "", fmt.Errorf("find the address of Amazon S3 in %s: %w", o.Region, err)
	}
	return resolved.URL, resolved.SigningRegion, nil
}

// provider hands the SDK what its session would, which reads the environment and files of the home folder on the way.
type provider client.Config

func (p provider) ClientConfig(string, ...*aws.Config) client.Config { return client.Config(p) }

func newAPI(config aws.Config, address, signing, agent string, transport http.RoundTripper) *sdk.S3 {
	// A redirect is an answer to read (it names the right region), not one to follow with signed headers.
	config.HTTPClient = &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}
	config.Endpoint = aws.String(address)
	api := sdk.New(provider{Config: &config, Handlers: handlers(agent), Endpoint: address, SigningRegion: signing, SigningName: "s3"})
	api.Handlers.UnmarshalError.PushFront(keepRegion)
	api.Handlers.UnmarshalError.PushBack(addRegion)
	return api
}

// handlers are the SDK's standard ones without those that read the environment or print to standard output.
func handlers(agent string) request.Handlers {
	var h request.Handlers
	h.Validate.PushBackNamed(corehandlers.ValidateEndpointHandler)
	h.Validate.PushBackNamed(corehandlers.ValidateParametersHandler)
	h.Validate.AfterEachFn = request.HandlerListStopOnError
	h.Build.PushBackNamed(corehandlers.SDKVersionUserAgentHandler)
	if agent != "" {
		h.Build.PushBack(request.MakeAddToUserAgentFreeFormHandler(agent))
	}
	h.Build.AfterEachFn = request.HandlerListStopOnError
	h.Sign.PushBackNamed(corehandlers.BuildContentLengthHandler)
	h.Send.PushBackNamed(corehandlers.SendHandler)
	h.AfterRetry.PushBackNamed(corehandlers.AfterRetryHandler)
	h.ValidateResponse.PushBackNamed(corehandlers.ValidateResponseHandler)
	return h
}

// Format shows the store's address and nothing else, whatever the verb.
func (c *Client) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "S3 at "+c.host) }

// unquote takes the quotes off an ETag.
func unquote(etag *string) string { return strings.Trim(aws.StringValue(etag), `"`) }
