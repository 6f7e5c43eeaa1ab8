package client

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/cluster"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

// largest is how many bytes of an answer are read. A plan of 10,000 steps has
// about 3 MB.
const largest = 64 << 20

// Client sends requests to one target. It is safe for use by several goroutines.
type Client struct {
	target cluster.Target
	http   *http.Client
	trace  trace
}

// Options are what is not a matter of the target.
type Options struct {
	// Trace receives the queries as they happen; nil for none.
	Trace io.Writer
	// Bodies adds the bodies of requests and answers to the trace.
	Bodies bool
}

// New prepares a client; nothing is sent. It fails with a *cluster.Fault when
// the target's file of certificates cannot be used.
func New(t cluster.Target, o Options) (*Client, error) {
	transport, err := newTransport(t.TLS)
	if err != nil {
		return nil, err
	}
	return &Client{
		target: t,
		http:   &http.Client{Transport: transport, Timeout: t.Timeout, CheckRedirect: sameHost},
		trace:  trace{w: o.Trace, bodies: o.Bodies, tokens: []cluster.Token{t.Token, t.APIToken}},
	}, nil
}

// Answer is what came back, with a status that the caller takes for success.
type Answer struct {
	Status int
	Body   []byte
	// Date is the server's clock when it answered; this machine's when it did not say.
	Date time.Time

	query query
	kind  string // Content-Type
	// challenged says that it is the scheduler who wants its own token: Admin Router has another challenge.
	challenged bool
}

// query is what errors and trace say about a request.
type query struct {
	method string
	url    string // without a password
}

func (q query) String() string { return q.method + " " + q.url }

// Path joins segments to a path below /v1, each escaped.
func Path(segments ...string) string {
	var b strings.Builder
	b.WriteString("/v1")
	for _, s := range segments {
		b.WriteString("/" + url.PathEscape(s))
	}
	return b.String()
}

// Get asks the scheduler. Statuses from 200 to 299 and those in also are
// answers. Errors: *StatusError, *ReachError.
func (c *Client) Get(ctx context.Context, path string, also ...int) (Answer, error) {
	return c.send(ctx, http.MethodGet, c.target.API+path, nil, nil, also)
}

// Put sends a command without a body to the scheduler. Errors as those of Get.
func (c *Client) Put(ctx context.Context, path string) (Answer, error) {
	return c.send(ctx, http.MethodPut, c.target.API+path, nil, nil, nil)
}

// Post sends a command to the scheduler, with body as JSON unless it is nil; also as in Get. 208 (already reported) is no
// answer but a *StatusError: the command changed nothing. Other errors as those of Get.
func (c *Client) Post(ctx context.Context, path string, body any, also ...int) (Answer, error) {
	var text []byte
	var header http.Header
	if body != nil {
		var err error
		if text, err = json.Marshal(body); err != nil {
			return Answer{}, fmt.Errorf("encode the command: %w", err)
		}
		header = http.Header{"Content-Type": {"application/json"}}
	}
	answer, err := c.send(ctx, http.MethodPost, c.target.API+path, text, header, also)
	if err == nil && answer.Status == http.StatusAlreadyReported {
		return Answer{}, c.statusError(answer)
	}
	return answer, err
}

func (c *Client) send(ctx context.Context, method, address string, body []byte, header http.Header, also []int) (Answer, error) {
	r, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(body))
	if err != nil {
		return Answer{}, fmt.Errorf("prepare %s request: %w", method, err)
	}
	for name, values := range header {
		r.Header[name] = values
	}
	if !c.target.Token.Empty() {
		// The form that Admin Router wants (sdk: cli/client/http.go).
		r.Header.Set("Authorization", "token="+c.target.Token.Reveal())
	}
	if own := c.target.APIToken; !own.Empty() && strings.HasPrefix(address, c.target.API+"/") {
		// Admin Router takes the header Authorization for itself.
		if c.target.Direct {
			r.Header.Set("Authorization", "Bearer "+own.Reveal())
		} else {
			r.Header.Set(wire.TokenHeader, own.Reveal())
		}
	}
	q := query{method, r.URL.Redacted()}
	c.trace.asking(q, body)
	start := time.Now()
	answer, err := c.read(r, q)
	if err != nil {
		c.trace.failed(err)
		return Answer{}, err
	}
	c.trace.answered(answer, time.Since(start))
	if (answer.Status < 200 || answer.Status > 299) && !slices.Contains(also, answer.Status) {
		return Answer{}, c.statusError(answer)
	}
	return answer, nil
}

func (c *Client) read(r *http.Request, q query) (Answer, error) {
	response, err := c.http.Do(r)
	if err != nil {
		return Answer{}, &ReachError{Query: q.String(), Err: stripURL(err)}
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, largest+1))
	if err != nil {
		return Answer{}, &ReachError{Query: q.String(), Err: fmt.Errorf("read the answer: %w", err)}
	}
	if len(body) > largest {
		return Answer{}, &ReachError{Query: q.String(), Err: fmt.Errorf("the answer is longer than %d bytes", largest)}
	}
	date, err := http.ParseTime(response.Header.Get("Date"))
	if err != nil {
		date = time.Now()
	}
	return Answer{Status: response.StatusCode, Body: body, Date: date, query: q, kind: response.Header.Get("Content-Type"),
		challenged: response.StatusCode == http.StatusUnauthorized && strings.HasPrefix(response.Header.Get("WWW-Authenticate"), wire.TokenChallenge)}, nil
}
