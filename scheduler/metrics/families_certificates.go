package metrics

import (
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/certs"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
)

func certificateFamilies() []family {
	return []family{
		{name: "certificate.authority_expiry", prom: "certificate_authority_expiry_timestamp_seconds", kind: gauge, labels: []string{"id"}, read: authorityExpiry,
			help: "When the certificate authority expires, in seconds since 1970."},
		{name: "certificate.node_expiry", prom: "certificate_node_expiry_timestamp_seconds", kind: gauge, read: nodeExpiry,
			help: "When the first of the nodes' certificates expires, in seconds since 1970. Each is renewed when a third of its lifetime is left."},
		{name: "certificate.client_expiry", prom: "certificate_client_expiry_timestamp_seconds", kind: gauge, read: clientExpiry,
			help: "When the first of the certificates of SQL users that are still good expires, in seconds since 1970, of the last hundred that were issued."},
		{name: "certificate.nodes_behind", prom: "certificate_nodes_behind", kind: gauge, read: nodesBehind,
			help: "Nodes of a secure cluster that do not serve the certificate and the trust that they should by now."},
		{name: "certificate.change", prom: "certificate_authority_change", kind: truth, labels: []string{"stage"}, read: changeStage,
			help: "Whether a change of the certificate authority is in this stage: trust, reissue, drop."},
		{name: "certificate.issued", prom: "certificates_issued", kind: counter, labels: []string{"kind"}, read: counted(false),
			help: "Certificates that were issued: to nodes, to SQL users (client), to backups, restores and verifications (job)."},
		{name: "certificate.refused", prom: "certificates_refused", kind: counter, labels: []string{"kind"}, read: counted(true),
			help: "Requests for certificates that were refused."},
	}
}

func authorityExpiry(f *facts) []sample {
	times := map[string]float64{}
	for _, authority := range f.Facts.Security.Authorities {
		times[authority.ID] = unix(authority.NotAfter)
	}
	return byLabel(times)
}

func nodeExpiry(f *facts) []sample {
	var soonest time.Time
	for _, record := range certs.Nodes(f.State) {
		if has := record.Certificate; has != nil && (soonest.IsZero() || has.NotAfter.Before(soonest)) {
			soonest = has.NotAfter
		}
	}
	return at(soonest)
}

func clientExpiry(f *facts) []sample { return at(certs.Soonest(f.Facts.Security, f.now)) }

// nodesBehind is left out for a service that is not secure.
func nodesBehind(f *facts) []sample {
	if !f.Facts.Target().Service.Secure {
		return nil
	}
	return one(float64(len(certs.Behind(f.State))))
}

func changeStage(f *facts) []sample {
	if !f.Facts.Target().Service.Secure {
		return nil
	}
	stages := map[core.Stage]float64{core.StageTrust: 0, core.StageReissue: 0, core.StageDrop: 0}
	if change := f.Facts.Security.Change; change != nil {
		stages[change.Stage] = 1
	}
	return byLabel(stages)
}

// counted has the zeros too: a series that begins at zero shows its first event.
func counted(refused bool) func(*facts) []sample {
	return func(f *facts) []sample {
		if f.sources.Certificates == nil {
			return nil
		}
		counts, values := f.sources.Certificates(), map[string]float64{}
		for _, kind := range []string{"node", "client", "job"} {
			values[kind] = float64(counts[certs.Count{Kind: kind, Refused: refused}])
		}
		return byLabel(values)
	}
}

func at(moment time.Time) []sample {
	if moment.IsZero() {
		return nil
	}
	return one(unix(moment))
}

func unix(moment time.Time) float64 { return float64(moment.Unix()) }
