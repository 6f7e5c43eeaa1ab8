package plans

import (
	"fmt"
	"strings"
	"time"
)

// Why says what kind of reason a step has for its status.
type Why string

// Kinds of reasons.
const (
	WhyNothing   Why = ""
	WhyEarlier   Why = "earlier-step"
	WhyOffers    Why = "offers"
	WhyLaunched  Why = "launched"
	WhyReadiness Why = "readiness"
	WhyDelay     Why = "delay"
	WhyStopping  Why = "stopping"
	WhyGate      Why = "gate"
	WhyAgent     Why = "agent"
	WhyMaster    Why = "master"
	WhyDatabase  Why = "database"
	WhyPaused    Why = "paused"
	WhyPlan      Why = "plan-paused"
	WhyReplacing Why = "replacing"
	WhyRestart   Why = "restart"
	WhyLeftover  Why = "leftover"
	WhyRoom      Why = "room"
	WhyJob       Why = "job"
	WhyUnasked   Why = "unasked"
	// Of certificates.
	WhyAuthority   Why = "authority"
	WhyCertificate Why = "certificate"
	WhyWord        Why = "word"
	WhyFullStop    Why = "full-stop"
	// Of a service that is being removed.
	WhyEnding   Why = "ending"
	WhyCutOff   Why = "cut-off"
	WhyInUse    Why = "in-use"
	WhyHolds    Why = "holds"
	WhyGiven    Why = "given-back"
	WhyLost     Why = "lost-agent"
	WhyLook     Why = "look"
	WhyTeardown Why = "teardown"
)

// Reason says why a step is where it is, with the numbers in it. The same value is shown by API, CLI and log.
type Reason struct {
	Why Why
	// Waits is the step, agent or check that is waited for.
	Waits string
	// Detail is what was said last: a task's message, the refusals of offers.
	Detail string
	// Failures counts launches that failed in a row; Until is when a delay ends; Since is when the state began.
	Failures int
	Until    time.Time
	Since    time.Time
	// Exit is the exit code of a check, nil while it has not run.
	Exit *int32
}

// HeldBack says that the gate holds a disruption back.
func (r Reason) HeldBack() bool { return r.Why == WhyGate || r.Why == WhyDatabase }

// String is one line for people. Times are absolute, so that the line stays true while it is read.
func (r Reason) String() string {
	var text string
	switch r.Why {
	case WhyNothing:
		return ""
	case WhyEarlier:
		text = "waits for " + r.Waits
	case WhyOffers:
		text = "waits for an offer"
	case WhyLaunched:
		text = "launched on " + r.Waits
	case WhyReadiness:
		text = "runs on " + r.Waits + ", its readiness check has not run yet"
		if r.Exit != nil {
			text = fmt.Sprintf("runs on %s, its readiness check says no (exit code %d)", r.Waits, *r.Exit)
		}
		text += since(r.Since)
	case WhyDelay:
		text = fmt.Sprintf("failed %s, next try at %s", times(r.Failures), clock(r.Until))
	case WhyStopping:
		text = "stops the old task on " + r.Waits + since(r.Since)
		if !r.Until.IsZero() {
			text += ", it has until " + clock(r.Until) + " to drain"
		}
	case WhyGate:
		text = "held back: " + r.Waits
	case WhyDatabase:
		text = "held back by the database: " + r.Waits
		if !r.Until.IsZero() {
			text += ", not before " + clock(r.Until)
		}
	case WhyPaused:
		text = "idles on " + r.Waits + since(r.Since) + ", paused by hand: debug pod resume lets it go on"
	case WhyPlan:
		text = r.Waits + " is paused by hand: plan resume lets it go on"
	case WhyReplacing:
		text = "is being replaced, see the plan recovery"
	case WhyLeftover:
		text = "waits until the pod's older task on agent " + r.Waits + " has ended"
	case WhyRoom:
		text = "goes on running as it is until agent " + r.Waits + " has room for what it needs now"
	case WhyJob:
		text = r.Waits + since(r.Since)
	case WhyUnasked:
		text = "nobody asked for a " + r.Waits + " yet"
	case WhyAuthority:
		text = "waits for the service's certificate authority"
	case WhyCertificate:
		text = r.Waits + since(r.Since)
	case WhyWord:
		text = "waits for somebody's word: dcos cockroachdb certs rotate --proceed"
	case WhyFullStop:
		text = "all nodes have to be stopped at the same time, waits for " + r.Waits + since(r.Since)
	case WhyRestart:
		text = "is about to be " + r.Waits
	case WhyAgent:
		text = "waits for agent " + r.Waits
		if !r.Since.IsZero() {
			text += ", away" + since(r.Since)
		}
	case WhyMaster:
		text = "waits for the master: " + r.Waits
	default:
		text = r.ofRemoval()
	}
	if r.Detail != "" {
		text += ": " + strings.TrimSpace(r.Detail)
	}
	return text
}

// ofRemoval is the line for a step of a service that is being removed.
func (r Reason) ofRemoval() string {
	switch r.Why {
	case WhyEnding:
		return "is told to end on " + r.Waits + ", within its grace"
	case WhyCutOff:
		return "agent " + r.Waits + " cannot be reached" + since(r.Since) + ": the task ends when the agent is back, or with the framework"
	case WhyInUse:
		return "waits until the tasks on " + r.Waits + " have ended"
	case WhyHolds:
		return "waits for agent " + r.Waits + " to offer it"
	case WhyGiven:
		return "was given back to agent " + r.Waits + " at " + clock(r.Since) + ", waits for an offer without it"
	case WhyLost:
		return "agent " + r.Waits + " is lost" + since(r.Since)
	case WhyLook:
		return "looks for what may be left on other agents, until " + clock(r.Until)
	case WhyTeardown:
		return "asks the master to remove the framework" + since(r.Since)
	}
	return ""
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

func since(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return " since " + clock(at)
}

func clock(at time.Time) string { return at.UTC().Format("15:04:05") + " UTC" }
