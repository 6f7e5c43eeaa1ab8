package mesos

import (
	"errors"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// Config says whom to connect to, as whom, and how patiently. Zero values of everything but Masters and Framework mean
// the value named with the field.
type Config struct {
	// Masters is http(s)://host:port, several separated by commas, or zk://host:port,host:port/path.
	Masters string
	// TLS speaks https to a master found in ZooKeeper, which does not tell (http).
	TLS       bool
	Framework Framework
	// Transport carries all requests: the place for authentication and for the TLS settings (a plain transport with
	// keep-alive). It must not limit the time of an answer's body, which is the stream.
	Transport http.RoundTripper
	// Log gets what changed; nil means nowhere.
	Log *slog.Logger
	// Backoff is how long to wait between two tries to subscribe.
	Backoff Backoff
	// Answer is how long the master may take to begin its answer to a request (20 s).
	Answer time.Duration
	// Missed is how many heartbeat intervals may pass in silence before the stream counts as dead (5, which is what
	// Mesos' scheduler.proto advises).
	Missed int
	// LargestEvent is the size in bytes above which an event is refused (256 MiB; 10,000 offers take about 6 MB).
	LargestEvent int
}

// Framework is how we present ourselves. Role, principal and name never change during the life of an installation.
type Framework struct {
	// ID is empty for a new framework; a stored one continues it.
	ID        string
	Name      string
	User      string
	Principal string
	Role      string
	// Hostname and WebURL are shown in Mesos' web interface; both may be empty.
	Hostname string
	WebURL   string
	// Failover is how long the master keeps our tasks running without us (one week).
	Failover time.Duration
}

// Failover is the default of Framework.Failover.
const Failover = 7 * 24 * time.Hour

const (
	answer       = 20 * time.Second
	missed       = 5
	largestEvent = 256 << 20
)

func (c Config) filled() Config {
	if c.Transport == nil {
		c.Transport = Transport(nil)
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Answer <= 0 {
		c.Answer = answer
	}
	if c.Missed <= 0 {
		c.Missed = missed
	}
	if c.LargestEvent <= 0 {
		c.LargestEvent = largestEvent
	}
	if c.Framework.Failover <= 0 {
		c.Framework.Failover = Failover
	}
	if c.Backoff.First <= 0 {
		c.Backoff.First = 500 * time.Millisecond
	}
	if c.Backoff.Most <= 0 {
		c.Backoff.Most = 30 * time.Second
	}
	if c.Backoff.Random == nil {
		c.Backoff.Random = rand.Float64
	}
	return c
}

// faults lists all that is missing in the framework, as joined tasks.Fault.
func (f Framework) faults() error {
	var faults []error
	need := func(field, value, why string) {
		if value == "" {
			faults = append(faults, tasks.Fault{Field: field, Value: value, Message: "must not be empty: " + why, Remedy: "set it"})
		}
	}
	need("FRAMEWORK_NAME", f.Name, "the master lists the framework under it")
	need("FRAMEWORK_USER", f.User, "Mesos runs the tasks as this user")
	need("FRAMEWORK_PRINCIPAL", f.Principal, "reservations belong to it")
	need("role", f.Role, "the master offers resources to a role")
	return errors.Join(faults...)
}
