package certs

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// List is what is known of authorities and certificates, for people.
func List(state core.State) wire.Certificates {
	security := state.Facts.Security
	shown := wire.Certificates{Secure: state.Facts.Target().Service.Secure, Source: source(security),
		Authorities: []wire.Authority{}, Nodes: []wire.NodeCertificate{}, Clients: []wire.ClientCertificate{}}
	for _, authority := range security.Authorities {
		subject := ""
		if chain, problem := readCertificates(authority.PEM); problem == "" {
			subject = chain[0].Subject.String()
		}
		shown.Authorities = append(shown.Authorities, wire.Authority{ID: authority.ID, Subject: subject, NotBefore: authority.NotBefore, NotAfter: authority.NotAfter,
			Signs: authority.ID == security.Issuer, Trusted: slices.Contains(security.Trust, authority.ID), KeyKept: authority.Sealed != ""})
	}
	if security.Change != nil {
		shown.Change, shown.Waiting = string(security.Change.Stage), Waiting(state)
	}
	behind := Behind(state)
	for _, record := range Nodes(state) {
		shown.Nodes = append(shown.Nodes, nodeShown(record, slices.Contains(behind, record.Task)))
	}
	for _, client := range security.Clients {
		shown.Clients = append(shown.Clients, wire.ClientCertificate(client))
	}
	return shown
}

func source(security core.Security) string {
	switch {
	case security.Issuer == "":
		return ""
	case security.Given != "":
		return "pair"
	case issues(security, sealedOf(security)):
		return "made"
	}
	return "given"
}

func nodeShown(record *tasks.Record, behind bool) wire.NodeCertificate {
	shown := wire.NodeCertificate{Task: record.Task, State: "none"}
	has := record.Certificate
	if has == nil {
		return shown
	}
	due := has.Due()
	shown.Serial, shown.Issuer, shown.Trust, shown.Names = has.Serial, has.Issuer, has.Trust, has.Names
	shown.Issued, shown.NotAfter, shown.Due = &has.Issued, &has.NotAfter, &due
	switch {
	case has.Served.IsZero():
		shown.State = "issued"
	case behind:
		shown.State = "renewing"
	default:
		shown.State = "served"
	}
	return shown
}

// Nodes are the records of nodes that were launched for a secure cluster, by name.
func Nodes(state core.State) []*tasks.Record {
	var list []*tasks.Record
	for _, task := range slices.Sorted(maps.Keys(state.Facts.Records)) {
		record := state.Facts.Records[task]
		target := state.Facts.Targets[record.TargetID]
		if _, spec, ok := target.Spec(record.Pod, record.Spec); ok && spec.Database && target.Service.Secure {
			list = append(list, record)
		}
	}
	return list
}

// Behind are the tasks of nodes that may run and do not serve what every node should. The rule is that of the plan.
func Behind(state core.State) []string {
	var list []string
	for _, lagging := range state.Behind() {
		list = append(list, lagging.Task)
	}
	return list
}

// Waiting is what a change of the authority waits for, empty without one.
func Waiting(state core.State) string {
	change := state.Facts.Security.Change
	if change == nil {
		return ""
	}
	if behind := Behind(state); len(behind) > 0 {
		return fmt.Sprintf("%d of %d nodes do not serve it yet: %s", len(behind), len(Nodes(state)), strings.Join(behind, ", "))
	}
	if job := state.OlderJob(); job != "" {
		return "waits for " + job
	}
	if change.Unattended {
		return ""
	}
	switch change.Stage {
	case core.StageTrust:
		return "all nodes trust the new authority; give clients the new ca.crt (certs show-ca), then say so: certs rotate --proceed"
	case core.StageReissue:
		return "all nodes have certificates of the new authority; give clients certificates of it, then say so: certs rotate --proceed"
	}
	return ""
}

// Soonest is when the first certificate of a SQL user expires, of those that have not; zero without one.
func Soonest(security core.Security, now time.Time) time.Time {
	var soonest time.Time
	for _, client := range security.Clients {
		if client.NotAfter.After(now) && (soonest.IsZero() || client.NotAfter.Before(soonest)) {
			soonest = client.NotAfter
		}
	}
	return soonest
}
