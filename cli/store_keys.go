package cli

import (
	"github.com/spf13/cobra"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/cluster"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

// The flags and variables of keys.
const (
	accessFlag, secretFlag = "--aws-access-key", "--aws-secret-key"
	accessVar, secretVar   = "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"
	tokenVar               = "AWS_SESSION_TOKEN"
)

const keysRemedy = "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment, or use the role of the agent with --iam."

// keys takes the keys from the flags, else from the environment. A secret key of the environment goes with an access key of
// a flag only when it is not known to belong to another one. No fault holds a key.
func (s *session) keys(c *cobra.Command, f *storeFlags) (wire.Keys, error) {
	access, secret := c.Flags().Changed("aws-access-key"), c.Flags().Changed("aws-secret-key")
	if f.secretKey != "" {
		s.note("Note: other users of this machine can see the secret key of " + secretFlag + " in the list of processes, and the shell may keep it in its history. " +
			"Give it in the environment instead: " + secretVar + ".")
	}
	if f.iam {
		if access || secret {
			return wire.Keys{}, &cluster.Fault{Field: "--iam", Message: "uses no keys, and keys are given as flags too", Remedy: "Leave one of the two out."}
		}
		return wire.Keys{}, nil
	}
	keys := wire.Keys{AccessKeyID: s.variable(accessVar), SecretAccessKey: s.variable(secretVar), SessionToken: s.variable(tokenVar)}
	if fault := crossed(access, secret, f, keys); fault != nil {
		return wire.Keys{}, fault
	}
	if access {
		keys.AccessKeyID = f.accessKey
	}
	if secret {
		// The token of the environment belongs to the secret key there.
		keys.SecretAccessKey, keys.SessionToken = f.secretKey, ""
	}
	return keys, half(access, secret, keys)
}

// crossed says that one half of the pair is a flag's and the other half another pair's, of the environment.
func crossed(access, secret bool, f *storeFlags, env wire.Keys) error {
	fault := func(field, message string) error {
		return &cluster.Fault{Field: field, Message: message, Remedy: "Give both keys as flags, or both in the environment."}
	}
	switch {
	case access == secret:
	case access && env.AccessKeyID != "" && env.AccessKeyID != f.accessKey && env.SecretAccessKey != "":
		return fault(accessFlag, "the environment has another access key, to which its secret key belongs")
	case secret && env.SecretAccessKey != "" && env.SecretAccessKey != f.secretKey && env.AccessKeyID != "":
		return fault(secretFlag, "the environment has another secret key, which belongs to its access key")
	}
	return nil
}

// half says that one of the keys, or both, are missing.
func half(access, secret bool, keys wire.Keys) error {
	switch {
	case keys.AccessKeyID != "" && keys.SecretAccessKey != "":
		return nil
	case keys.AccessKeyID == "" && keys.SecretAccessKey == "" && !access && !secret:
		return &cluster.Fault{Field: "keys", Message: "there are none for the bucket", Remedy: keysRemedy}
	case keys.AccessKeyID == "":
		return &cluster.Fault{Field: "keys", Message: "the access key is missing, the secret key alone is of no use", Remedy: "Give it too: " + accessFlag + " or " + accessVar + "."}
	}
	return &cluster.Fault{Field: "keys", Message: "the secret key is missing, the access key alone is of no use", Remedy: "Give it too: " + secretVar + " in the environment."}
}
