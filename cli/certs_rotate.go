package cli

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/spf13/cobra"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/client"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/cluster"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

// rotatePlan is the plan that renews certificates.
const rotatePlan = "rotate-certificates"

func certsRotate(s *session) *cobra.Command {
	var request wire.RotateRequest
	var noWait, yes bool
	c := &cobra.Command{
		Use:   "rotate",
		Short: "Give every node a new certificate, or change the authority",
		Long: `Give every node a new certificate, one node after the other, without a restart, and
follow it to its end. The service does it by itself when a third of a certificate's
lifetime is left; the command is for all other causes.

With --authority, change the authority that the service made, in three stages: all nodes
trust the new one too; all nodes get certificates of the new one; the old one is trusted
no more. Between two stages clients have something to do, which is said then, and
--proceed goes on. With --unattended nobody is waited for: clients that do not trust the
new authority by then cannot connect.

Ctrl-C ends the following, not the rotation: "plan status rotate-certificates" shows how
far it is. A rotation that is under way already is followed too.`,
		Example: "  " + s.program + " certs rotate\n  " + s.program + " certs rotate --authority\n  " + s.program + " certs rotate --proceed",
		Args:    noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := errors.Join(rotateFaults(request), s.authorityFault(request, yes)); err != nil {
				return err
			}
			if _, err := s.secureService(c.Context()); err != nil {
				return err
			}
			if request.Authority && !yes {
				if err := s.confirmAuthority(c.Context(), request); err != nil {
					return err
				}
			}
			return s.rotate(c.Context(), request, !noWait)
		},
	}
	flags := c.Flags()
	flags.BoolVar(&request.Authority, "authority", false, "change the authority; begins with its first stage")
	flags.BoolVar(&request.Unattended, "unattended", false, "with --authority: go from stage to stage without waiting for --proceed")
	flags.BoolVar(&request.Proceed, "proceed", false, "take a change of the authority on to its next stage, now that clients are ready")
	flags.BoolVar(&yes, "yes", false, "do not ask before --authority")
	flags.BoolVar(&noWait, "no-wait", false, "only begin, and do not follow it")
	return c
}

// rotateFaults are flags that speak against each other.
func rotateFaults(r wire.RotateRequest) error {
	var faults []error
	if r.Authority && r.Proceed {
		faults = append(faults, &cluster.Fault{Field: "--proceed", Message: "goes on with a change that --authority begins", Remedy: "Leave one of the two out."})
	}
	if r.Unattended && !r.Authority {
		faults = append(faults, &cluster.Fault{Field: "--unattended", Message: "says how a change of the authority goes, and none is begun", Remedy: "Add --authority, or leave it out."})
	}
	return errors.Join(faults...)
}

// authorityFault refuses to change the authority when nobody can be asked.
func (s *session) authorityFault(r wire.RotateRequest, yes bool) error {
	if !r.Authority || yes || s.canAsk() {
		return nil
	}
	return &cluster.Fault{Field: "--authority", Message: "changes whom clients have to trust, and nobody can be asked here", Remedy: "Add --yes."}
}

func (s *session) confirmAuthority(ctx context.Context, r wire.RotateRequest) error {
	question := "The service makes a new authority. Its nodes then trust both, which clients do not notice. Later stages wait for --proceed."
	if r.Unattended {
		question = "The service makes a new authority, and drops the old one as soon as all nodes can do without it. Nobody waits for clients:\n" +
			"those that do not trust the new one by then, or have certificates of the old one, cannot connect."
	}
	return s.confirm(ctx, question, "authority")
}

// rotate begins and, unless told otherwise, follows. What is under way already is followed as if it had been begun now.
func (s *session) rotate(ctx context.Context, r wire.RotateRequest, wait bool) error {
	answer, err := s.tell(ctx, client.Path("certificates", "rotate"), r)
	already := false
	if status, ok := errors.AsType[*client.StatusError](err); ok && status.Status == http.StatusAlreadyReported && wait {
		already, err = true, nil
	}
	look := "See how it is: " + s.program + " certs list"
	if err != nil {
		err = meaning(err, http.StatusAlreadyReported, "that is under way already", look)
		err = meaning(err, http.StatusConflict, "the scheduler does not do this now", look)
		err = meaning(err, http.StatusServiceUnavailable, "the scheduler could not do this now", "See what the answer names; before you give the command again, "+
			"see how it is: "+s.program+" certs list")
		return s.noCertificates(err)
	}
	if already {
		s.note("That is under way already.")
	}
	if wait {
		return s.followRotation(ctx)
	}
	if s.json {
		return s.printJSON(answer)
	}
	if err := s.printText(begun(r) + "\n"); err != nil {
		return err
	}
	s.note(fmt.Sprintf("See how far it is: %s plan status %s, or: %s certs list", s.program, rotatePlan, s.program))
	return nil
}

// begun says what was begun.
func begun(r wire.RotateRequest) string {
	switch {
	case r.Authority:
		return "The change of the authority has begun."
	case r.Proceed:
		return "The change of the authority goes on to its next stage."
	}
	return "Every node gets a new certificate."
}
