package cli

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/client"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/render"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

// rotationView is a rotation as the scheduler answered it.
type rotationView struct {
	plan   wire.Plan
	known  wire.Certificates
	now    time.Time
	answer client.Answer // of the certificates
}

// over says that nothing more happens by itself: the plan is complete, or every node has what a stage asks for and a person is waited for.
func (v rotationView) over() bool {
	if v.known.Change == "" {
		return v.plan.Status == wire.StatusComplete
	}
	// The last stage is followed by nothing that waits for a person, and a change that runs unattended waits for nobody.
	return v.known.Change != render.StageDrop && v.known.Waiting != "" && render.NodesBehind(v.known) == 0
}

// rotationFailedError is a plan that cannot go on.
type rotationFailedError struct {
	errors []string
	follow string
}

// Error gives the plan's own words.
func (e *rotationFailedError) Error() string {
	if len(e.errors) == 0 {
		return "the plan " + rotatePlan + " has an error"
	}
	return "the plan " + rotatePlan + " has an error: " + strings.Join(e.errors, "; ")
}

// followRotation shows a rotation until it is over, and says what comes next.
func (s *session) followRotation(ctx context.Context) error {
	c, err := s.connect()
	if err != nil {
		return err
	}
	show := s.rotationDisplay()
	p := patient{show.note, func(err error) string { return s.advise(err).text }, "The rotation goes on"}
	start := time.Now()
	var last rotationView
	for {
		next, err := answered(ctx, &p, func(ctx context.Context) (rotationView, error) { return lookAtRotation(ctx, c) })
		if err != nil {
			show.close()
			if ctx.Err() != nil {
				s.note(fmt.Sprintf("The rotation goes on. See how far it is: %s plan status %s, or: %s certs list", s.program, rotatePlan, s.program))
			}
			return s.noCertificates(err)
		}
		last = next
		if last.over() || last.plan.Status == wire.StatusError {
			break
		}
		show.rotation(last)
		pause(ctx, rhythm(time.Since(start)))
	}
	show.close()
	return s.rotationEnd(last)
}

// lookAtRotation asks for the plan first: certificates that are newer than the plan never make a rotation seem over too early.
func lookAtRotation(ctx context.Context, c *client.Client) (rotationView, error) {
	// 417 is a plan with errors.
	plan, err := c.Get(ctx, client.Path("plans", rotatePlan), http.StatusExpectationFailed)
	if err != nil {
		return rotationView{}, err
	}
	known, err := c.Get(ctx, client.Path("certificates"))
	if err != nil {
		return rotationView{}, err
	}
	v := rotationView{now: known.Date, answer: known}
	var planErr, knownErr error
	v.plan, planErr = client.Decode[wire.Plan](plan)
	v.known, knownErr = client.Decode[wire.Certificates](known)
	return v, errors.Join(planErr, knownErr)
}

// rotationEnd says what came of it, and what clients have to do now.
func (s *session) rotationEnd(last rotationView) error {
	if last.plan.Status == wire.StatusError {
		return &rotationFailedError{last.plan.Errors, s.program + " plan status " + rotatePlan}
	}
	if s.json {
		return s.printJSON(last.answer)
	}
	if last.known.Change != "" {
		return s.printText(strings.Join(render.AfterStage(last.known, s.program), "\n") + "\n")
	}
	if err := s.printText("Every node serves the certificate that it should.\n"); err != nil {
		return err
	}
	s.note("See them: " + s.program + " certs list")
	return nil
}

func adviseRotation(e *rotationFailedError) advice {
	return advice{text: e.Error(), try: []string{"See all of it: " + e.follow}}
}
