package s3

import (
	"crypto/x509"
	"errors"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// Options say which store, with which keys, and how much at a time.
type Options struct {
	// Region is the bucket's region, as in us-west-1. S3-compatible stores have one too, most often us-east-1.
	Region string
	// Endpoint is the store's address, [https://]host[:port] or http://host[:port]. Empty means Amazon's own for the region.
	Endpoint string
	// PathStyle puts the bucket into the path instead of the host name. It is on by itself where the endpoint is an IP address
	// or localhost.
	PathStyle bool
	// CA holds certificates in PEM form that are trusted besides the system's.
	CA []byte
	// IAM takes the keys from the role of the instance or container this process runs on, and Keys stay empty.
	IAM  bool
	Keys Keys
	// PartSize is the size of the first part of an upload in bytes, 5 MiB to 5 GiB; 0 means 5 MiB. Later parts grow.
	PartSize int64
	// Memory is what the buffers of one upload may take, in bytes, the first part's size at least; 0 means what the largest part
	// takes, 640 MiB and more for objects beyond 618 GiB.
	Memory int64
	// Parallel is how many parts of an upload are in flight at most, 1 to 64; 0 means 4.
	Parallel int
	// Retries is how often a request is tried again; 0 means 8.
	Retries int
	// UserAgent is added to what the store's access log sees.
	UserAgent string
}

const (
	standardParallel = 4
	maxParallel      = 64
	standardRetries  = 8
)

var (
	// amazonRegion is the form of a region's name at Amazon: us-west-1, us-gov-east-1, ap-southeast-3.
	amazonRegion = regexp.MustCompile(`^[a-z]{2,}(-[a-z]+)+-[0-9]+$`)
	anyRegion    = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)
	// keyText is what a key may consist of: what signs a request is ASCII without spaces.
	keyText = regexp.MustCompile(`^[\x21-\x7e]+$`)
)

// checked is Options that hold together, with the standards filled in.
type checked struct {
	Options
	endpoint *url.URL // nil: Amazon's
	roots    *x509.CertPool
}

// check returns all faults at once, each a tasks.Fault.
func (o Options) check() (checked, error) {
	result := checked{Options: o}
	var faults []error
	fault := func(field, value, message, remedy string) {
		faults = append(faults, tasks.Fault{Field: field, Value: value, Message: message, Remedy: remedy})
	}
	switch {
	case o.Region == "":
		fault("--region", "", "the region is missing", "name the bucket's region, for example us-west-1")
	case o.Endpoint == "" && !amazonRegion.MatchString(o.Region):
		fault("--region", o.Region, "Amazon has no region of such a name", "name one like us-west-1, or the store with --s3-endpoint")
	case !anyRegion.MatchString(o.Region):
		fault("--region", o.Region, "a region is letters, digits, - and _", "name the store's region, most often us-east-1")
	}
	if o.Endpoint != "" {
		endpoint, message := parseEndpoint(o.Endpoint)
		if message != "" {
			// Not quoted: somebody may have written a password into it.
			fault("--s3-endpoint", "…", message, "write https://host:port, http://host:port or host:port")
		}
		result.endpoint = endpoint
	}
	var err error
	if result.roots, err = x509.SystemCertPool(); err != nil {
		result.roots = x509.NewCertPool()
	}
	if len(o.CA) > 0 && !result.roots.AppendCertsFromPEM(o.CA) {
		fault("--ca-file", "…", "it holds no certificate in PEM form", `name a file with "BEGIN CERTIFICATE" in it`)
	}
	for _, f := range o.keyFaults() {
		faults = append(faults, f)
	}
	number := func(field string, value *int64, standard, least, most int64) {
		if *value == 0 {
			*value = standard
		}
		if *value < least || *value > most {
			fault(field, strconv.FormatInt(*value, 10), "it is out of range",
				"choose between "+strconv.FormatInt(least, 10)+" and "+strconv.FormatInt(most, 10))
		}
	}
	parallel, retries := int64(o.Parallel), int64(o.Retries)
	number("part size", &result.PartSize, minPart, minPart, maxPart)
	if result.Memory != 0 && result.Memory < result.PartSize {
		fault("memory", strconv.FormatInt(result.Memory, 10), "it does not hold one part", "give at least "+strconv.FormatInt(result.PartSize, 10)+" bytes")
	}
	number("parts in flight", &parallel, standardParallel, 1, maxParallel)
	number("retries", &retries, standardRetries, 1, 100)
	result.Parallel, result.Retries = int(parallel), int(retries)
	return result, errors.Join(faults...)
}

// keyFaults never quotes a value.
func (o Options) keyFaults() []tasks.Fault {
	var faults []tasks.Fault
	given := o.Keys != Keys{}
	switch {
	case o.IAM && given:
		return []tasks.Fault{{Field: "--iam", Value: "true", Message: "keys are given too", Remedy: "give either --iam or keys"}}
	case o.IAM:
		return nil
	case !given:
		return []tasks.Fault{{Field: "--aws-access-key", Message: "there are no keys",
			Remedy: "give --aws-access-key and --aws-secret-key, or --iam for the instance's role"}}
	}
	for _, key := range []struct {
		field, value string
		optional     bool
	}{
		{"--aws-access-key", o.Keys.AccessKeyID, false},
		{"--aws-secret-key", o.Keys.SecretAccessKey, false},
		{"AWS_SESSION_TOKEN", o.Keys.SessionToken, true},
	} {
		switch {
		case key.value == "" && !key.optional:
			faults = append(faults, tasks.Fault{Field: key.field, Message: "it is missing", Remedy: "give both keys"})
		case key.value != "" && !keyText.MatchString(key.value):
			faults = append(faults, tasks.Fault{Field: key.field, Value: hidden,
				Message: "it has a space, a line break or another character no key has", Remedy: "copy it again"})
		}
	}
	return faults
}

// parseEndpoint gives the address with its scheme, or says what is wrong with it.
func parseEndpoint(text string) (*url.URL, string) {
	if !strings.Contains(text, "://") {
		text = "https://" + text
	}
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Hostname() == "":
		return nil, "it is no address"
	case u.Scheme != "https" && u.Scheme != "http":
		return nil, "its scheme is neither https nor http"
	case u.User != nil:
		return nil, "it has a user or a password in it"
	case u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.Fragment != "":
		return nil, "it has more than a host and a port"
	}
	u.Path = ""
	return u, ""
}
