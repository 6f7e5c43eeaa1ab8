package mesos

import (
	"context"
	"errors"
	"net/url"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/store/zkconn"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

const mastersField = "MESOS_MASTER"

// apiPath is where a master serves the scheduler API.
const apiPath = "/api/v1/scheduler"

// finder knows where to look for the leading master.
type finder interface {
	// find gives the addresses to try, best first, and a channel that is closed once they are out of date (nil: never).
	// The channel lives as long as ctx.
	find(ctx context.Context) ([]*url.URL, <-chan struct{}, error)
	// close gives up what find holds. No find after it.
	close()
}

// CheckMasters reports every fault of a MESOS_MASTER value, as joined tasks.Fault.
func CheckMasters(value string) error {
	if strings.HasPrefix(value, "zk://") {
		_, err := parseZooKeeper(value)
		return err
	}
	_, err := parseURLs(value)
	return err
}

func newFinder(c Config) (finder, error) {
	if !strings.HasPrefix(c.Masters, "zk://") {
		urls, err := parseURLs(c.Masters)
		if err != nil {
			return nil, err
		}
		return &listed{urls: urls}, nil
	}
	address, err := parseZooKeeper(c.Masters)
	if err != nil {
		return nil, err
	}
	return newElected(address, c), nil
}

func parseZooKeeper(value string) (zkconn.Address, error) {
	address, err := zkconn.ParseAddress(value)
	if err != nil {
		return zkconn.Address{}, mastersFaults(err)
	}
	if address.Chroot == "" {
		return zkconn.Address{}, tasks.Fault{Field: mastersField, Value: value,
			Message: "names no path under which the masters announce themselves", Remedy: "add it, most often /mesos"}
	}
	return address, nil
}

// mastersFaults puts our field's name on the faults of an address.
func mastersFaults(err error) error {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		var fault *zkconn.AddressError
		if !errors.As(err, &fault) {
			return err
		}
		return tasks.Fault{Field: mastersField, Value: fault.Value, Message: fault.Problem, Remedy: fault.Remedy}
	}
	var faults []error
	for _, each := range joined.Unwrap() {
		faults = append(faults, mastersFaults(each))
	}
	return errors.Join(faults...)
}

// parseURLs reads http(s)://host:port, several separated by commas; a path before the API's (a reverse proxy) is kept.
func parseURLs(value string) ([]*url.URL, error) {
	var urls []*url.URL
	var faults []error
	for text := range strings.SplitSeq(value, ",") {
		text = strings.TrimSpace(text)
		parsed, err := url.Parse(text)
		fault := func(shown, message string) {
			faults = append(faults, tasks.Fault{Field: mastersField, Value: shown, Message: message,
				Remedy: "write http://host:5050, several separated by commas, or zk://host:2181/mesos"})
		}
		switch {
		case err != nil:
			fault("(unreadable)", "is not a URL") // the parser's error would show a password in it
		case parsed.Scheme != "http" && parsed.Scheme != "https":
			fault(parsed.Redacted(), "starts with neither http:// nor https://")
		case parsed.Host == "" || parsed.Hostname() == "":
			fault(parsed.Redacted(), "names no host")
		case parsed.User != nil:
			fault(parsed.Redacted(), "holds a user and password, which would show in logs")
		case parsed.RawQuery != "" || parsed.Fragment != "":
			fault(parsed.Redacted(), "has a query or a fragment")
		default:
			parsed.Path = strings.TrimSuffix(strings.TrimSuffix(parsed.Path, "/"), apiPath) + apiPath
			urls = append(urls, parsed)
		}
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	return urls, nil
}

// listed are masters that the operator named.
type listed struct {
	urls []*url.URL
}

func (l *listed) find(context.Context) ([]*url.URL, <-chan struct{}, error) { return l.urls, nil, nil }

func (l *listed) close() {}
