package main

import (
	"errors"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/config"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/run"
)

// What becomes of the authority when the scheduler starts: made once, opened after that, and a passphrase that does not open it ends the
// process as a fault of the settings does.
func TestTheAuthorityAtTheStart(t *testing.T) {
	quiet := slog.New(slog.NewTextHandler(io.Discard, nil))
	begin := func(facts core.Facts, environ ...string) (*core.AuthorityFound, error) {
		parsed := config.Parse(append([]string{"PORT_API=8090", "FRAMEWORK_NAME=/team/crdb"}, environ...), time.Now())
		if len(parsed.Faults) > 0 {
			t.Fatal(parsed.Faults)
		}
		_, found, err := certificates(parsed.Settings, facts, quiet)
		return found, err
	}
	const passphrase = "hush hush hush hush"
	for _, environ := range [][]string{nil, {"TLS_CA_PASSPHRASE=" + passphrase}, {"TLS_ENABLED=true", "TLS_CA_PASSPHRASE=" + passphrase, "SDK_UNINSTALL=true"}} {
		if found, err := begin(core.Facts{}, environ...); found != nil || err != nil {
			t.Errorf("%q: %+v %v", environ, found, err)
		}
	}
	made, err := begin(core.Facts{}, "TLS_ENABLED=true", "TLS_CA_PASSPHRASE="+passphrase)
	if err != nil || made == nil || made.Outside || made.Issuer == "" {
		t.Fatal(made, err)
	}
	stored := core.Facts{Security: core.Security{Authorities: made.Authorities, Issuer: made.Issuer, Trust: made.Trust}}
	if found, err := begin(stored, "TLS_ENABLED=true", "TLS_CA_PASSPHRASE="+passphrase); found != nil || err != nil {
		t.Errorf("opened again: %+v %v", found, err)
	}
	_, err = begin(stored, "TLS_ENABLED=true", "TLS_CA_PASSPHRASE=something else")
	var ended *run.Ended
	if !errors.As(err, &ended) || ended.Code != exitConfig || !strings.Contains(ended.Remedy, "TLS_CA_FORMER_PASSPHRASE") || strings.Contains(err.Error(), "something else") {
		t.Errorf("another passphrase: %v", err)
	}
	if found, err := begin(stored, "TLS_ENABLED=true", "TLS_CA_PASSPHRASE=something else", "TLS_CA_FORMER_PASSPHRASE="+passphrase); err != nil || found == nil || found.Issuer != made.Issuer {
		t.Errorf("sealed anew: %+v %v", found, err)
	}
}
