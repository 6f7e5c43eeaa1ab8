package cockroach

import (
	"fmt"
	"net/url"
	"strings"
)

// S3URI is where a native backup goes to or comes from, with the keys the database needs for it. It is a secret: its
// String is the redacted form, and only Text has the keys.
type S3URI struct {
	Bucket string
	// Path is the collection folder, without slashes round it.
	Path string
	// Endpoint is the address of an S3-compatible store, such as https://minio.example:9000; empty means AWS.
	Endpoint string
	Region   string
	// AccessKey, SecretKey and SessionToken are left out when Implicit is set.
	AccessKey, SecretKey, SessionToken string
	// Implicit means the node's own role or environment instead of keys.
	Implicit bool
	// PathStyle puts the bucket into the path. With an endpoint of one's own, older releases do so anyway.
	PathStyle bool
}

// Text is the address for v with all keys, each value encoded for a URL: plus signs and slashes are usual in secret keys.
// The error says what v cannot do, and never has a key in it.
func (u S3URI) Text(v Version) (string, error) {
	var faults []string
	if u.Implicit && !v.Has(S3Implicit) {
		faults = append(faults, "cannot use the instance role (from v19.2 on): give keys")
	}
	if u.SessionToken != "" && !u.Implicit && !v.Has(S3SessionToken) {
		faults = append(faults, "cannot use a session token (from v2.1.4 on): give permanent keys")
	}
	if !u.Implicit && (u.AccessKey == "" || u.SecretKey == "") {
		faults = append(faults, "needs both an access key and a secret key, or the instance role")
	}
	if u.PathStyle && u.Endpoint == "" && !v.Has(S3PathStyle) {
		faults = append(faults, "cannot use path style at AWS itself (from v24.3.3 and v25.1 on): leave --s3-path-style out")
	}
	if len(faults) > 0 {
		return "", fmt.Errorf("CockroachDB %s, backing up to s3://%s: %s", v, u.Bucket, strings.Join(faults, "; "))
	}
	return u.build(v, func(secret string) string { return secret }), nil
}

// String is the address with every secret replaced; the access key, too, because it names an account.
func (u S3URI) String() string {
	return u.build(Version{}, func(string) string { return "redacted" })
}

// GoString is String: %#v must not print keys either.
func (u S3URI) GoString() string { return u.String() }

// Format is String for every verb.
func (u S3URI) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(u.String())) }

// MarshalText is String: a value that is encoded into a message or a log has no keys.
func (u S3URI) MarshalText() ([]byte, error) { return []byte(u.String()), nil }

func (u S3URI) build(v Version, secret func(string) string) string {
	var query []string
	add := func(name, value string) {
		if value != "" {
			// QueryEscape writes a space as +, which some readers keep; %20 is read by all.
			query = append(query, name+"="+strings.ReplaceAll(url.QueryEscape(value), "+", "%20"))
		}
	}
	if u.Implicit {
		add("AUTH", "implicit")
	} else {
		for _, key := range []struct{ name, value string }{{"AWS_ACCESS_KEY_ID", u.AccessKey}, {"AWS_SECRET_ACCESS_KEY", u.SecretKey}, {"AWS_SESSION_TOKEN", u.SessionToken}} {
			if key.value != "" {
				add(key.name, secret(key.value))
			}
		}
	}
	add("AWS_ENDPOINT", u.Endpoint)
	add("AWS_REGION", u.Region)
	if u.PathStyle && !v.IsZero() && v.Has(S3PathStyle) {
		add("AWS_USE_PATH_STYLE", "true")
	}
	address := url.URL{Scheme: "s3", Host: u.Bucket, Path: "/" + strings.Trim(u.Path, "/"), RawQuery: strings.Join(query, "&")}
	return address.String()
}
