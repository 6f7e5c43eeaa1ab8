package job

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/node"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/node/s3"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// desk is where the job is collected and reported: the scheduler's API.
type desk struct {
	client  *http.Client
	url     string
	ticket  ticket
	pace    pace
	journal *node.Journal
}

// ticket goes with each request.
type ticket struct {
	TaskID string `json:"taskId"`
	Token  string `json:"token"`
}

// collecting is the body of the request for the job; Request is a signing request in PEM for a secure database.
type collecting struct {
	ticket
	Request string `json:"request,omitempty"`
}

// report is the body of a report: progress or the end.
type report struct {
	ticket
	Progress *tasks.JobProgress `json:"progress,omitempty"`
	End      *tasks.JobEnd      `json:"end,omitempty"`
}

// order is what is collected.
type order struct {
	Job  tasks.Job `json:"job"`
	Keys keys      `json:"keys"`
	// ReportToken goes with reports; the token that collected is good for nothing else.
	ReportToken string `json:"reportToken"`
	// Leftovers are folders of earlier backups of this database that did not succeed: parts of uploads may lie there.
	Leftovers []string `json:"leftovers"`
	// Certificate answers the signing request, and CA are the authorities of the cluster; both in PEM.
	Certificate string `json:"certificate"`
	CA          string `json:"ca"`
}

// keys are as they come over the API. The type never prints: s3.Keys does not, and this one lives for a moment only.
type keys struct {
	AccessKeyID     string `json:"accessKeyId"`
	SecretAccessKey string `json:"secretAccessKey"`
	SessionToken    string `json:"sessionToken"`
}

func (k keys) s3() s3.Keys {
	return s3.Keys{AccessKeyID: k.AccessKeyID, SecretAccessKey: k.SecretAccessKey, SessionToken: k.SessionToken}
}

// Format hides the keys from every verb of fmt.
func (keys) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// requestLimit bounds one request to the scheduler, answerLimit its answer in bytes.
const (
	requestLimit = 45 * time.Second // longer than the scheduler takes to answer at most: an answer that comes too late is lost with its keys
	answerLimit  = 4 << 20
)

func newDesk(s node.JobSettings, p pace, journal *node.Journal) *desk {
	return &desk{
		client:  s.Scheduler.Client(requestLimit),
		url:     s.Scheduler.URL + "/v1/jobs/" + s.Ticket.ID,
		ticket:  ticket{s.TaskID, s.Ticket.Token},
		pace:    p,
		journal: journal,
	}
}

// answer is what the scheduler said.
type answer struct {
	status int
	body   []byte
	// html says that a router answered in the scheduler's place.
	html bool
}

// message is what an answer says in words.
func (a answer) message() string {
	var said struct {
		Message string `json:"message"`
	}
	if json.Unmarshal(a.body, &said) == nil && said.Message != "" {
		return said.Message
	}
	text := strings.Join(strings.Fields(string(a.body[:min(len(a.body), 300)])), " ")
	if text == "" {
		return http.StatusText(a.status)
	}
	return text
}

// passing says that the same request may do better later.
func (a answer) passing() bool {
	return a.status >= 500 || a.status == http.StatusTooManyRequests || a.status == http.StatusNotFound && a.html
}

func (d *desk) post(ctx context.Context, what string, body any) (answer, error) {
	text, err := json.Marshal(body)
	if err != nil {
		return answer{}, fmt.Errorf("encode the %s: %w", what, err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, d.url+"/"+what, bytes.NewReader(text))
	if err != nil {
		return answer{}, err
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := d.client.Do(request)
	if err != nil {
		return answer{}, err
	}
	defer response.Body.Close()
	said, err := io.ReadAll(io.LimitReader(response.Body, answerLimit))
	if err != nil {
		return answer{}, err
	}
	return answer{response.StatusCode, said, strings.Contains(response.Header.Get("Content-Type"), "html")}, nil
}

// collect fetches parameters and keys. It is possible once: when the answer is lost on its way, the next try is told so. Request is empty for a
// database without certificates.
func (d *desk) collect(ctx context.Context, request string) (order, error) {
	var got order
	err := d.patiently(ctx, d.pace.collect, "collect the job", func() (bool, error) {
		a, err := d.post(ctx, "collect", collecting{d.ticket, request})
		switch {
		case err != nil || a.passing():
			return false, orStatus(a, err)
		case a.status == http.StatusOK:
			if err := json.Unmarshal(a.body, &got); err != nil {
				return true, fmt.Errorf("read the job that the scheduler gave: %w", err)
			}
			d.ticket.Token = got.ReportToken
			return true, nil
		case a.status == http.StatusGone:
			return true, fault("the scheduler does not give out this job (any more): "+a.message(),
				"ask for the job again; if another program collected it, look who can read this task's environment")
		case a.status == http.StatusForbidden:
			return true, fault("the scheduler does not take this task's token: "+a.message(), "ask for the job again")
		}
		return true, fault(fmt.Sprintf("the scheduler answers %d (%s)", a.status, a.message()), "check that CRDB_SCHEDULER leads to this service's scheduler")
	})
	return got, err
}

func orStatus(a answer, err error) error {
	if err != nil {
		return err
	}
	return fmt.Errorf("it answers %d (%s)", a.status, a.message())
}

// patiently tries until try says that it is over, or the limit has passed.
func (d *desk) patiently(ctx context.Context, limit time.Duration, what string, try func() (over bool, err error)) error {
	deadline := time.Now().Add(limit)
	pause := d.pace.first
	said := ""
	for {
		over, err := try()
		if over {
			return err
		}
		if text := err.Error(); text != said {
			d.journal.Say("cannot %s at the scheduler, trying on: %v", what, err)
			said = text
		}
		if time.Now().Add(pause).After(deadline) {
			return faultOf(fmt.Sprintf("the scheduler at %s was asked to %s for %s", d.url, what, limit), err, "check that the scheduler runs and can be reached from this agent")
		}
		if !sleep(ctx, pause) {
			return context.Cause(ctx)
		}
		pause = min(2*pause, d.pace.longest)
	}
}

// sleep waits for d; false means that ctx ended first.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
