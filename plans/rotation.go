package plans

import (
	"fmt"
	"slices"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// Certificates is what every node's certificate should be, and how far a change of that has come.
type Certificates struct {
	// Authorities, Issuer, Trust, Given and Renew are as in core.Security: who signs, what is in every ca.crt, the serial of a
	// certificate that an operator gave for all nodes, and the time before which every certificate is to be renewed.
	Authorities []tasks.Authority
	Issuer      string
	Trust       []string
	Given       string
	Renew       time.Time
	// Stage is the phase that a change of authority is in, empty without one, StageSince when that began; Unattended goes on without
	// somebody's word.
	Stage      string
	StageSince time.Time
	Unattended bool
	// Turn is the node that gets a new certificate now, Unserved why nodes do not serve what they were given, by task.
	Turn     Turn
	Unserved map[string]string
	// Unsigned are the ids of targets whose nodes cannot be launched, because nobody could sign their certificates.
	Unsigned map[string]bool
}

// able says that somebody signs, or that there is a certificate for all.
func (c Certificates) able() bool { return c.Issuer != "" || c.Given != "" }

// has says that a certificate is what a node should have now.
func (c Certificates) has(cert *tasks.Certificate, now time.Time) bool {
	switch {
	case cert == nil || cert.Issuer != c.Issuer || !slices.Equal(cert.Trust, c.Trust):
		return false
	case c.Given != "":
		return cert.Serial == c.Given // its age is the operator's business
	}
	return !cert.Issued.Before(c.Renew) && (now.Before(cert.Due()) || !c.later(cert))
}

// later says that a new certificate would be good for longer: one that ends with its authority is not signed again and again.
func (c Certificates) later(cert *tasks.Certificate) bool {
	for _, authority := range c.Authorities {
		if authority.ID == c.Issuer {
			return authority.NotAfter.After(cert.NotAfter.Add(time.Second))
		}
	}
	return true
}

// secured says that a task is a node that has, or is about to get, a certificate, and that may run.
func secured(record *tasks.Record) bool {
	return record != nil && record.Pod.Type == tasks.NodePod && record.Enrolment != nil && !record.Status.State.Ended()
}

// hasServed says that a node is known to serve what it should.
func (v View) hasServed(record *tasks.Record) bool {
	return v.Certificates.has(record.Certificate, v.Now) && !record.Certificate.Served.IsZero()
}

// clash is a node because of which a certificate of the authority in force must not be handed out to another one.
type clash struct{ task, text string }

// Clash says why a certificate of the authority in force must not be handed out to a task, or to a client for an empty one; empty
// when it may be. Whoever gets it has to be believed by every node that runs, and to believe every node.
func Clash(view View, task string) string { return against(clashes(view, task), task) }

func against(clashes []clash, task string) string {
	for _, one := range clashes {
		if one.task != task {
			return one.text
		}
	}
	return ""
}

// clashes lists the first clashes, two at most: one of them is with another node than the one that asks.
func clashes(view View, besides string) (list []clash) {
	c := view.Certificates
	view = view.digested()
	for _, name := range view.digest.order {
		record := view.Records[name]
		if name == besides || !secured(record) {
			continue
		}
		for _, cert := range []*tasks.Certificate{record.Serving, record.Certificate} {
			if cert == nil || !cert.NotAfter.After(view.Now) {
				continue // nobody believes one that has expired
			}
			if text := c.clashWith(name, cert); text != "" {
				list = append(list, clash{name, text})
				break
			}
		}
		if len(list) == 2 {
			break
		}
	}
	return list
}

func (c Certificates) clashWith(name string, cert *tasks.Certificate) string {
	const until = "until the plan " + RotatePlan + " is complete"
	switch {
	case !slices.Contains(cert.Trust, c.Issuer):
		return fmt.Sprintf("%s does not trust the authority %s yet, which is to sign: "+
			"let the former one (%s) sign again, and put this one into TLS_CA_EXTRA, %s",
			name, c.Issuer, cert.Issuer, until)
	case !slices.Contains(c.Trust, cert.Issuer):
		return fmt.Sprintf("%s has a certificate of the authority %s, which is not to be trusted any more: put that one into TLS_CA_EXTRA %s",
			name, cert.Issuer, until)
	}
	return ""
}

// StageDone says that every node that runs, or may run, serves what the stage of a change of authority asks for, and that no job
// runs that the next stage would cut off; else it says which one does not, and why, or which job is waited for.
func StageDone(view View) (bool, string) {
	for _, behind := range Behind(view) {
		return false, behind.Step + ": " + behind.Reason.String()
	}
	if job := OlderJob(view); job != "" {
		return false, "waits for " + job
	}
	return true, ""
}

// OlderJob is a job whose task may run and was launched before the stage of a change of authority began, empty without one. A job keeps the
// certificate and the trust that it got at its launch to its end: it may not know the authority that signs in the next stage, or have a
// certificate of the one that is trusted no more then. The last stage takes nothing away that the one before has not.
func OlderJob(view View) string {
	c := view.Certificates
	if c.Stage == "" || c.Stage == DropPhase {
		return ""
	}
	for _, kind := range tasks.JobKinds {
		record := view.Records[kind.Task()]
		if record == nil || record.Job == nil || record.Status.State.Ended() {
			continue
		}
		// One that was launched in the future was launched before the clock was set back.
		if !record.Launched.After(c.StageSince) || record.Launched.After(view.Now) {
			return "the " + view.jobName(record) + " to end"
		}
	}
	return ""
}

// Lagging is a node that does not serve what every node should, by its task and its step, and why not.
type Lagging struct {
	Task   string
	Step   string
	Reason Reason
}

// Behind are the nodes that may run and do not serve what every node should, in the order of their numbers.
func Behind(view View) []Lagging {
	view = view.digested()
	var list []Lagging
	for _, name := range view.digest.order {
		record := view.Records[name]
		if !secured(record) {
			continue // its next launch gets what is current then
		}
		if status, reason := certificateOf(view, record, nil); status != Complete {
			list = append(list, Lagging{record.Task, stepName(record.Pod, record.Spec), reason})
		}
	}
	return list
}
