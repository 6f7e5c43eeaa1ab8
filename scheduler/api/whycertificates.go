package api

import (
	"fmt"
	"strings"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/certs"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// stuck is how long nodes may take for a stage of a change of authority before it is said; each renews within seconds of its turn.
const stuck = 10 * time.Minute

// certificateWarnings are what will end in nodes that distrust each other when nobody does anything, and what waits for somebody.
func certificateWarnings(state core.State) []wire.Waiting {
	security := state.Facts.Security
	var list []wire.Waiting
	add := func(subject, text, remedy string, since time.Time) {
		list = append(list, wire.Waiting{Kind: wire.WaitsCertificate, Subject: subject, Text: text, Remedy: remedy, Since: second(since)})
	}
	if state.Facts.Target().Service.Secure && !hasIssuer(security) {
		add("authority", "the service is secure and has no certificate authority: no node gets a certificate, and none can start",
			"Read the scheduler's log: it makes one at its start, or takes the given one (TLS_CA_PASSPHRASE, TLS_CA_CERT).", time.Time{})
	}
	for _, authority := range security.Authorities {
		trusted := authority.ID == security.Issuer || strings.Contains(strings.Join(security.Trust, " "), authority.ID)
		if trusted && certs.Expiring(authority.NotBefore, authority.NotAfter, state.Now) {
			add("authority "+authority.ID, "the certificate authority "+ends(authority.NotAfter, state.Now), authorityRemedy(authority, state), time.Time{})
		}
	}
	for _, record := range certs.Nodes(state) {
		if has := record.Certificate; has != nil && certs.Expiring(has.NotAfter.Add(-has.Lifetime()), has.NotAfter, state.Now) {
			remedy := fmt.Sprintf("It should have been renewed when a third was left: read the helper's lines in the stdout of %s.", record.Task)
			if security.Given != "" {
				remedy = "Give another one: TLS_NODE_CERT and TLS_NODE_KEY."
			}
			add(record.Task, "its certificate "+ends(has.NotAfter, state.Now), remedy, time.Time{})
		}
	}
	for _, taken := range tokensTaken(state) {
		add(taken.task, "at "+taken.at.UTC().Format(time.RFC3339)+" "+core.TokenTaken, takenRemedy, taken.at)
	}
	if change := security.Change; change != nil {
		switch waiting, behind := certs.Waiting(state), certs.Behind(state); {
		case len(behind) == 0 && state.OlderJob() != "":
			add("certificate authority", fmt.Sprintf("the change of the authority waits in the stage %s: %s", change.Stage, waiting),
				"It keeps the certificate of its launch. Wait for its end, or cancel it.", change.Began)
		case len(behind) == 0 && waiting != "":
			add("certificate authority", fmt.Sprintf("the change of the authority waits in the stage %s: %s", change.Stage, waiting),
				"Say so with certs rotate --proceed.", change.Began)
		case len(behind) > 0 && state.Now.Sub(change.Began) > stuck && !progressing(state):
			add("certificate authority", fmt.Sprintf("the change of the authority does not get on in the stage %s: %s", change.Stage, waiting),
				fmt.Sprintf("Read the helper's lines in the stdout of %s; a node that is down gets its certificate when it starts.", behind[0]), change.Began)
		}
	}
	return list
}

// authorityRemedy is what to do about an authority that ends. A change of one takes clients' doing, so it is nothing for the last day.
func authorityRemedy(authority tasks.Authority, state core.State) string {
	given, over := authority.Sealed == "", !authority.NotAfter.After(state.Now)
	const clients = " That takes as long as the slowest client needs to get the new ca.crt, and then its new certificate; clients that are not done when it ends are cut off."
	switch {
	case over && authority.ID != state.Facts.Security.Issuer && given:
		return "Leave it out of TLS_CA_EXTRA."
	case over && given:
		return "Give another one now, TLS_CA_CERT and TLS_CA_KEY, and give all clients its ca.crt and new certificates."
	case over:
		return "Change it now, and give all clients the new ca.crt and new certificates: certs rotate --authority."
	case given:
		return "Give another one before, in three steps: TLS_CA_EXTRA, then TLS_CA_CERT, then without the old one." + clients
	}
	return "Change it before: certs rotate --authority." + clients
}

// givenClient tells of a certificate of root that was given and ends soon. It is in the settings alone: that of the nodes is in their records too.
func givenClient(state core.State, desk *certs.Desk) []wire.Waiting {
	if desk == nil || state.Settings.Uninstall || !state.Facts.Target().Service.Secure || state.Facts.Security.Given == "" {
		return nil
	}
	for _, ending := range desk.Settings.Outside.Ending(state.Now) {
		if ending.Setting == "TLS_CLIENT_CERT" {
			return []wire.Waiting{{Kind: wire.WaitsCertificate, Subject: ending.Setting, Text: "the certificate of root that was given " + ends(ending.NotAfter, state.Now),
				Remedy: "Give another one, TLS_CLIENT_CERT and TLS_CLIENT_KEY, with a new TLS_NODE_CERT: nodes that run take both together, or at a pod restart."}}
		}
	}
	return nil
}

func hasIssuer(security core.Security) bool {
	for _, authority := range security.Authorities {
		if authority.ID == security.Issuer {
			return true
		}
	}
	return false
}

// progressing says that a node got a certificate a short while ago: the change of many nodes takes its time.
func progressing(state core.State) bool {
	for _, record := range certs.Nodes(state) {
		if has := record.Certificate; has != nil && state.Now.Sub(has.Issued) < stuck {
			return true
		}
	}
	return false
}

func ends(at, now time.Time) string {
	if at.After(now) {
		return "expires at " + at.UTC().Format(time.RFC3339)
	}
	return "expired at " + at.UTC().Format(time.RFC3339)
}
