package s3

import (
	"strings"
	"testing"
)

func TestAllFaultsAtOnce(t *testing.T) {
	keys := Keys{"AKID", "SECRET", ""}
	for name, test := range map[string]struct {
		options Options
		want    []string // each in the error; none: no error
	}{
		"good":                {Options{Region: "us-west-1", Keys: keys}, nil},
		"good with role":      {Options{Region: "us-gov-east-1", IAM: true}, nil},
		"good elsewhere":      {Options{Region: "default", Endpoint: "minio.example:9000", Keys: keys}, nil},
		"good by IPv6":        {Options{Region: "default", Endpoint: "http://[::1]:9000/", Keys: keys}, nil},
		"nothing":             {Options{}, []string{"--region", "there are no keys"}},
		"no such region":      {Options{Region: "west", Keys: keys}, []string{`--region="west"`}},
		"region with a space": {Options{Region: "a b", Endpoint: "x", Keys: keys}, []string{"--region"}},
		"everything": {Options{Region: "x", Endpoint: "ftp://user:hunter2@host/path", CA: []byte("none"), IAM: true, Keys: keys,
			PartSize: 1, Parallel: 1000, Retries: -1},
			[]string{"--s3-endpoint", "--ca-file", "--iam", "part size", "parts in flight", "retries"}},
		"endpoint with a password": {Options{Region: "x", Endpoint: "https://user:hunter2@host", Keys: keys}, []string{"a user or a password"}},
		"endpoint with a path":     {Options{Region: "x", Endpoint: "https://host/path", Keys: keys}, []string{"more than a host"}},
		"half a pair":              {Options{Region: "us-west-1", Keys: Keys{AccessKeyID: "AKID"}}, []string{"--aws-secret-key"}},
		"a line break in a key":    {Options{Region: "us-west-1", Keys: Keys{"AKID", "SECRET\n", ""}}, []string{"--aws-secret-key", "copy it again"}},
	} {
		_, err := New(test.options)
		if (err != nil) != (len(test.want) > 0) {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, want := range test.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %q is not in\n%v", name, want, err)
			}
		}
		hideAndSeek(t, Keys{"AKID", "SECRET", "hunter2"}, err)
	}
}

func TestWhereABucketIs(t *testing.T) {
	keys := Keys{"AKID", "SECRET", ""}
	const key = "a//b/../c"
	for name, test := range map[string]struct {
		options Options
		want    string // the beginning of the URL of an object in bucket bkt
	}{
		"Amazon":              {Options{Region: "us-west-1"}, "https://bkt.s3.us-west-1.amazonaws.com/"},
		"Amazon's first":      {Options{Region: "us-east-1"}, "https://bkt.s3.us-east-1.amazonaws.com/"},
		"Amazon in China":     {Options{Region: "cn-north-1"}, "https://bkt.s3.cn-north-1.amazonaws.com.cn/"},
		"Amazon, a new one":   {Options{Region: "eu-north-9"}, "https://bkt.s3.eu-north-9.amazonaws.com/"},
		"Amazon, path style":  {Options{Region: "us-west-1", PathStyle: true}, "https://s3.us-west-1.amazonaws.com/bkt/"},
		"a name":              {Options{Region: "x", Endpoint: "store.example"}, "https://bkt.store.example/"},
		"a name, path style":  {Options{Region: "x", Endpoint: "http://store.example:9000", PathStyle: true}, "http://store.example:9000/bkt/"},
		"an address":          {Options{Region: "x", Endpoint: "10.0.0.1:9000"}, "https://10.0.0.1:9000/bkt/"},
		"an address, version": {Options{Region: "x", Endpoint: "http://[fd00::1]:9000"}, "http://[fd00::1]:9000/bkt/"},
		"this machine":        {Options{Region: "x", Endpoint: "localhost:9000"}, "https://localhost:9000/bkt/"},
	} {
		test.options.Keys = keys
		c, err := New(test.options)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got := c.address("bkt", key); got != test.want+key {
			t.Errorf("%s: %s, want %s", name, got, test.want+key)
		}
	}
}
