package sim

import (
	"fmt"
	"net/http"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
)

var oneKey = Invariant{Name: "one-key", begin: beginOneKey,
	Says: "The token of a launch is honoured for one key only."}

func beginOneKey() check {
	keys := map[string]string{}
	return func(_ *World, at Moment) error {
		answer, is := at.(Answered)
		if !is || answer.Reply.Code != http.StatusOK {
			return nil
		}
		signed, is := answer.Event.(core.CertificateSigned)
		if !is || signed.Renewal {
			return nil
		}
		if key := keys[signed.Token]; key != "" && key != signed.Certificate.Key {
			return fmt.Errorf("the token of %s is honoured for the key %q, and was for %q", signed.TaskID, signed.Certificate.Key, key)
		}
		keys[signed.Token] = signed.Certificate.Key
		return nil
	}
}
