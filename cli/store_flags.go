package cli

import (
	"errors"

	"github.com/spf13/cobra"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/cluster"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

// Standard values of the flags that say where backups are; the scheduler has the same.
const (
	standardDir    = "cockroach-backups"
	standardRegion = "us-west-1"
)

// storeFlags say where backups are, and with which keys. All commands that work on a bucket have them.
type storeFlags struct {
	accessKey, secretKey string
	dir, region          string
	endpoint, caFile     string
	pathStyle, iam       bool
}

func (f *storeFlags) add(c *cobra.Command) {
	flags := c.Flags()
	flags.StringVarP(&f.accessKey, "aws-access-key", "k", "", "AWS access `key` (standard: AWS_ACCESS_KEY_ID)")
	flags.StringVarP(&f.secretKey, "aws-secret-key", "s", "", "AWS secret `key` (standard: AWS_SECRET_ACCESS_KEY, which other users of the machine do not see; AWS_SESSION_TOKEN goes with it)")
	flags.StringVarP(&f.dir, "s3-dir", "p", standardDir, "`folder` of all backups in the bucket")
	flags.StringVarP(&f.region, "region", "r", standardRegion, "AWS `region` of the bucket (before the standard: AWS_REGION, AWS_DEFAULT_REGION)")
	flags.StringVar(&f.endpoint, "s3-endpoint", "", "`address` of an S3-compatible store, https://host:port (without it: AWS)")
	flags.BoolVar(&f.pathStyle, "s3-path-style", false, "put the bucket into the path and not into the host name, as most S3-compatible stores want it")
	flags.StringVar(&f.caFile, "ca-file", "", "PEM `file` with the CA certificates that the store's certificate is checked with")
	flags.BoolVar(&f.iam, "iam", false, "use the role of the machine that the job runs on, and no keys")
	_ = c.RegisterFlagCompletionFunc("ca-file", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return nil, cobra.ShellCompDirectiveDefault
	})
	for _, name := range []string{"aws-access-key", "aws-secret-key", "s3-dir", "region", "s3-endpoint"} {
		_ = c.RegisterFlagCompletionFunc(name, cobra.NoFileCompletions)
	}
}

// store reads flags and environment, and keeps the keys out of all output from then on. The error joins all faults.
func (s *session) store(c *cobra.Command, f *storeFlags, bucket string) (wire.Store, error) {
	keys, keyFault := s.keys(c, f)
	s.hide(keys.SecretAccessKey, keys.SessionToken, keys.AccessKeyID, f.secretKey)
	ca, caFault := s.readCA(c, f.caFile)
	store := wire.Store{
		Bucket: bucket, Dir: f.dir, Region: s.region(c, f), Endpoint: f.endpoint, PathStyle: f.pathStyle,
		CA: ca, IAM: f.iam, Keys: keys,
	}
	return store, errors.Join(keyFault, caFault)
}

func (s *session) region(c *cobra.Command, f *storeFlags) string {
	if !c.Flags().Changed("region") {
		// In the order of AWS' own tools.
		for _, name := range []string{"AWS_REGION", "AWS_DEFAULT_REGION"} {
			if value := s.variable(name); value != "" {
				return value
			}
		}
	}
	return f.region
}

// variable is a variable of the environment; an empty one counts as not set.
func (s *session) variable(name string) string {
	value, _ := s.env(name)
	return value
}

// choice holds the value of a flag against those that it may have.
func choice(flag, value string, values ...string) error {
	for _, one := range values {
		if value == one {
			return nil
		}
	}
	return &cluster.Fault{Field: flag, Value: value, Message: "there is no such choice", Remedy: "Use one of: " + oneOf(values) + "."}
}
