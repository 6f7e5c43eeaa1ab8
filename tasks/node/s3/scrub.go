package s3

import (
	"strings"

	"github.com/aws/aws-sdk-go/aws/credentials"
)

// scrub takes key material out of what a store said: some answer a wrong key by quoting it. It is a function, not a type with
// the keys in it, because fmt shows the fields of what holds it under some verbs, and never looks into a function.
type scrub func(text string) string

// scrubber scrubs the keys in use: given ones, or those that a role has at the moment.
func scrubber(used *credentials.Credentials, isRole bool) scrub {
	return func(text string) string {
		if isRole && used.IsExpired() {
			return text // asking would go over the network; none were used yet, or they are void
		}
		keys, err := used.Get()
		if err != nil {
			return text
		}
		for _, secret := range []string{keys.SessionToken, keys.SecretAccessKey, keys.AccessKeyID} {
			if secret != "" {
				text = strings.ReplaceAll(text, secret, hidden)
			}
		}
		return text
	}
}
