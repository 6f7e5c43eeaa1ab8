package node

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// membership brings a running node into its cluster and makes sure that it is the right one.
type membership struct {
	settings Settings
	// marker is what the volume said before the start; volume is where it is.
	marker identity
	volume string
	// names are what the node's certificate is good for, empty without one.
	names string
	// mayInitialise is true while this start may create the cluster.
	mayInitialise bool
	web           web
	// initialise runs `cockroach init` once.
	initialise func(ctx context.Context) (clientResult, error)
	// report tells the scheduler the cluster's id; it returns when the scheduler knows, with a Fault when it knows another.
	report  func(ctx context.Context, clusterID string) error
	state   *stateKeeper
	journal *Journal
	// explained says that trouble with certificates was explained already.
	explained bool
	// poll lies between two questions to our own node.
	poll time.Duration
}

// run returns the cluster's id when the node is a verified member and the scheduler knows, ctx's error when the task ends
// before, and a *Fault when the node is in a wrong cluster and must be stopped.
func (m *membership) run(ctx context.Context) (string, error) {
	own := m.settings.HTTP.Dial().String()
	if err := m.waitForHTTP(ctx, own); err != nil {
		return "", err
	}
	id, err := m.waitForCluster(ctx, own)
	if err != nil {
		return "", err
	}
	if err := m.verify(ctx, id); err != nil {
		return "", err
	}
	m.state.member(id)
	m.journal.Say("this node is in cluster %s", id)
	mark := identity{Service: m.settings.Service, ClusterID: id, VolumeID: m.settings.VolumeID, TaskName: m.settings.TaskName}
	if mark != m.marker {
		if err := writeIdentity(m.volume, mark); err != nil {
			m.journal.Say("WARNING: cannot mark the volume as ours, so that a later start cannot recognise it: %v", err)
		}
	}
	return id, m.report(ctx, id)
}

// waitForHTTP waits until the process serves HTTP at all. A store of many ranges, or one that was not closed in order, takes
// its time: there is no limit, the process ends by itself when it cannot start.
func (m *membership) waitForHTTP(ctx context.Context, own string) error {
	notice := newNotice(m.journal)
	for {
		status, _, err := m.web.ask(ctx, own, cockroach.LivePath)
		if err == nil && cockroach.Live(status) {
			m.state.advance(Waiting)
			return nil
		}
		notice.say("waiting for the database to serve HTTP at %s: %v", own, err)
		if !sleep(ctx, m.poll) {
			return ctx.Err()
		}
	}
}

// waitForCluster waits until the node belongs to a cluster, and initialises one where that is allowed and right.
func (m *membership) waitForCluster(ctx context.Context, own string) (string, error) {
	notice := newNotice(m.journal)
	pause := time.Second
	for {
		state, id, err := m.web.askCluster(ctx, own)
		if state == cockroach.Member && err == nil {
			return id, nil
		}
		if state == cockroach.NotMember && m.mayInitialise {
			if m.initOnce(ctx) {
				continue
			}
			if !sleep(ctx, pause) {
				return "", ctx.Err()
			}
			pause = min(2*pause, 10*time.Second)
			continue
		}
		if err != nil {
			m.explain(err)
			notice.say("waiting to hear from the database whether it is in a cluster: %v", err)
		} else {
			notice.say("waiting to join a cluster through %s", joined(m.settings.Join))
		}
		if !sleep(ctx, m.poll) {
			return "", ctx.Err()
		}
	}
}

// explain says once what it means when a running database cannot connect to itself: one whose certificate lacks the address that
// it advertises answers 503 for ever, and looks alive (T:11b).
func (m *membership) explain(err error) {
	means := cockroach.CertTrouble(err.Error())
	if means == "" || m.explained {
		return
	}
	m.explained = true
	m.journal.Say("WARNING: the database does not get along with its certificate: %s. It advertises %s; its certificate is good for %s", means, m.settings.Advertise, cmp.Or(m.names, "nothing that is known"))
}

// initOnce tries once to initialise, unless a peer is in a cluster already; then this node joins and never initialises. It
// reports whether the matter is settled.
func (m *membership) initOnce(ctx context.Context) (settled bool) {
	for _, peer := range m.askPatiently(ctx) {
		if peer.membership == cockroach.Member {
			m.journal.Say("%s is in cluster %s already: this node joins it and does not initialise a second one", peer.address, cmp.Or(peer.clusterID, "(unknown)"))
			m.mayInitialise = false
			return true
		}
	}
	if ctx.Err() != nil {
		return false
	}
	m.journal.Say("no other node is in a cluster: initialising a new one")
	result, err := m.initialise(ctx)
	if ctx.Err() != nil {
		return false
	}
	if err != nil {
		m.journal.Say("WARNING: cannot run `cockroach init`: %v", err)
		return false
	}
	output := result.stdout + result.stderr
	switch cockroach.ReadInit(result.code, output) {
	case cockroach.InitDone:
		m.journal.Say("the cluster is initialised")
	case cockroach.InitWasDone:
		m.journal.Say("the cluster was initialised before")
	default:
		m.journal.Say("WARNING: `cockroach init` ended with code %d, trying again: %s", result.code, explained(output))
		return false
	}
	m.mayInitialise = false
	return true
}

// askPatiently asks the peers, and those that do not answer in time twice more: one overloaded member of an existing cluster
// must not be taken for an absent one. Those that refuse or do not exist are not asked again.
func (m *membership) askPatiently(ctx context.Context) []peerAnswer {
	addresses := peers(m.settings)
	var answers []peerAnswer
	for range 3 {
		var slow []string
		for _, a := range m.web.askPeers(ctx, addresses) {
			if a.membership == cockroach.MemberUnknown && isTimeout(a.err) {
				slow = append(slow, a.address)
				continue
			}
			answers = append(answers, a)
		}
		if addresses = slow; len(addresses) == 0 {
			break
		}
		m.journal.Say("%s does not answer, asking again before initialising", strings.Join(addresses, ", "))
	}
	return answers
}

// verify compares the node's cluster with the known id and with its peers'. A node with a store of another cluster runs
// happily as that cluster and looks ready (observed with v20.1.5): only this comparison finds it.
func (m *membership) verify(ctx context.Context, id string) error {
	s := m.settings
	remedy := "The database is stopped. Its volume " + s.VolumeID + " holds data of another cluster: replace this pod to give it an empty volume"
	if s.ClusterID != "" && id != s.ClusterID {
		return &Fault{Code: tasks.ExitIdentity, Problem: fmt.Sprintf("this node is in cluster %s, and the service runs cluster %s", id, s.ClusterID), Remedy: remedy}
	}
	others := foreign(m.web.askPeers(ctx, peers(s)), id)
	switch {
	case len(others) == 0:
		return nil
	case s.ClusterID != "":
		m.journal.Say("WARNING: of the join list %s, and this service runs cluster %s", strings.Join(others, ", and "), id)
		return nil
	}
	return &Fault{Code: tasks.ExitIdentity, Problem: fmt.Sprintf("this node is in cluster %s, but %s", id, strings.Join(others, ", and ")), Remedy: remedy}
}

func joined(addresses []cockroach.Address) string {
	texts := make([]string, len(addresses))
	for i, a := range addresses {
		texts[i] = a.String()
	}
	return strings.Join(texts, ", ")
}

// lastLine is the last line of a client's output that says something; `Failed running "…"` never does.
func lastLine(output string) string {
	last := "(no output)"
	for line := range strings.Lines(output) {
		line = strings.TrimSpace(line)
		if line != "" && line != "*" && !strings.HasPrefix(line, "Failed running") {
			last = line
		}
	}
	return last
}
