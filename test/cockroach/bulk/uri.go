package bulk

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/version"
)

// Collection is a place in S3 with the keys to it.
type Collection struct {
	Bucket, Prefix          string
	access, secret, session string
	endpoint, region        string
	implicit, pathStyle     bool
}

var parameters = []string{"AUTH", "AWS_ACCESS_KEY_ID", "AWS_ENDPOINT", "AWS_REGION", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_USE_PATH_STYLE", "S3_STORAGE_CLASS"}

// known says since when a version takes a parameter. Source: cockroachdb-versions.md, 7.
func known(name string, v version.Version) bool {
	switch name {
	case "AWS_USE_PATH_STYLE":
		return v.AtLeast(24, 3, 3) || v.Within(24, 1, 10) || v.Within(24, 2, 8)
	case "S3_STORAGE_CLASS":
		return v.AtLeast(22, 1, 0) || v.Within(21, 2, 6)
	}
	return slices.Contains(parameters, name)
}

// Parse reads an s3:// URI. An error never holds the URI: there are keys in it.
func Parse(raw string, v version.Version) (Collection, error) {
	var c Collection
	u, err := url.Parse(raw)
	if err != nil {
		return c, fmt.Errorf("the storage URI cannot be parsed")
	}
	if u.Scheme != "s3" {
		return c, fmt.Errorf("unsupported storage scheme: %q", u.Scheme)
	}
	q, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return c, fmt.Errorf("the parameters of the storage URI cannot be parsed")
	}
	var strange []string
	for name := range q {
		if !known(name, v) {
			strange = append(strange, name)
		}
	}
	if slices.Sort(strange); len(strange) > 0 {
		return c, fmt.Errorf("unknown S3 query parameters: %s", strings.Join(strange, ", "))
	}
	if u.Host == "" {
		return c, fmt.Errorf("empty host component; s3 URI must specify a target bucket")
	}
	c = Collection{
		Bucket: u.Host, Prefix: strings.Trim(u.Path, "/"), access: q.Get("AWS_ACCESS_KEY_ID"), secret: q.Get("AWS_SECRET_ACCESS_KEY"),
		session: q.Get("AWS_SESSION_TOKEN"), endpoint: q.Get("AWS_ENDPOINT"), region: q.Get("AWS_REGION"), pathStyle: q.Get("AWS_USE_PATH_STYLE") == "true",
	}
	switch auth := q.Get("AUTH"); auth {
	case "", "specified":
		for _, p := range []string{"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"} {
			if q.Get(p) == "" {
				return c, fmt.Errorf("AUTH is set to 'specified', but %s is not set", p)
			}
		}
	case "implicit":
		c.implicit = true
	default:
		return c, fmt.Errorf("unsupported value %s for AUTH", auth)
	}
	return c, nil
}

// At gives the folder in a collection.
func (c Collection) At(sub string) Collection {
	c.Prefix = strings.Trim(c.Prefix+"/"+strings.Trim(sub, "/"), "/")
	return c
}

// String shows where a collection is, without its keys.
func (c Collection) String() string { return "s3://" + c.Bucket + "/" + c.Prefix }

// GoString is String: %#v shows no keys either.
func (c Collection) GoString() string { return c.String() }

var keyed = regexp.MustCompile(`(?i)((?:AWS_SECRET_ACCESS_KEY|AWS_SESSION_TOKEN)=)[^&'\s]*`)
var accessKey = regexp.MustCompile(`(?i)(AWS_ACCESS_KEY_ID=)[^&'\s]*`)

// Redact takes the keys out of a text with URIs in it, as job descriptions do.
func Redact(s string) string {
	return accessKey.ReplaceAllString(keyed.ReplaceAllString(s, "${1}redacted"), "${1}redacted")
}

// Scrub takes the collection's own keys out of a text that came from elsewhere.
func (c Collection) Scrub(s string) string {
	for _, k := range []string{c.secret, c.session, c.access} {
		if k != "" {
			s = strings.ReplaceAll(s, k, "redacted")
		}
	}
	return Redact(s)
}
