package cli

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/spf13/cobra"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/client"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

// deployPlan is the plan that "update" is about. The SDK's plug-in forgot to name it.
const deployPlan = "deploy"

// planVerb is something that people do to a plan or to parts of it. "plan pause deploy" and "update pause" are one verb.
type planVerb struct {
	name, alias string
	action      string // the last word of the API's path
	did         string // "paused", as in the sentence that answers
	parts       int    // 1 takes a phase, 2 a phase and a step
	needed      int    // how many of these parts "update" and "plan" want
	short       string
	long        string
}

var planVerbs = []planVerb{
	{name: "pause", alias: "interrupt", action: "interrupt", did: "paused", parts: 1,
		short: "Stop starting steps of a plan, or of one phase of it",
		long: `A task that was launched goes on until it is ready; steps that have not begun wait,
also when the scheduler restarts, until the plan or the phase is resumed. A task that
was stopped and not yet launched again comes back as it was before.`},
	{name: "resume", alias: "continue", action: "continue", did: "resumed", parts: 1,
		short: "Let a paused plan, or one phase of it, go on"},
	{name: "force-restart", alias: "restart", action: "restart", did: "restarted", parts: 2,
		short: "Do a plan, a phase or a step again from its beginning",
		long: `A step that is done again restarts its task, still one node at a time and behind
the readiness check. A paused plan is resumed by it.`},
	{name: "force-complete", alias: "force", action: "forceComplete", did: "forced to complete", parts: 2, needed: 1,
		short: "Take a step, or all steps of a phase, as done, whatever became of them",
		long: `For a step that cannot get done and may be left out: the plan goes on behind it.
Nothing is started or stopped by it. It holds until the target changes, or, in the
plan recovery, until the task is launched again.`},
}

// commands makes a verb's command for "plan", or, with before a plan, for a group that is about this plan alone.
func (v planVerb) command(s *session, group string, before ...string) *cobra.Command {
	things := []string{"name of the plan", "name of the phase", "name of the step"}[len(before) : v.parts+1]
	words := []string{"plan", "phase", "step"}[len(before) : v.parts+1]
	needed := v.needed + 1 - len(before)
	use, example := v.name, "  "+s.program+" "+group+" "+v.name
	if len(before) == 0 {
		example += " " + deployPlan
	}
	for i, word := range words {
		if i < needed {
			use += " <" + word + ">"
		} else {
			use += " [" + word + "]"
		}
	}
	full := example + " node-deploy"
	if v.parts == 2 {
		full += " 'cockroachdb-1:[node-join]'"
	}
	if v.needed == 0 {
		full = example + "\n" + full
	}
	long := v.short + "."
	if v.long != "" {
		long += "\n\n" + v.long
	}
	return &cobra.Command{
		Use:               use,
		Aliases:           []string{v.alias},
		Short:             v.short,
		Long:              long + "\n\nParts of a plan may be given by name or by id (plan status <plan> --json shows ids).",
		Example:           full,
		Args:              names(things[:needed], things[needed:]...),
		ValidArgsFunction: s.completePlanParts(v.parts+1, before...),
		RunE: func(c *cobra.Command, args []string) error {
			return s.changePlan(c.Context(), v, partOf(append(before[:len(before):len(before)], args...)))
		},
	}
}

// changePlan sends the verb and says in a sentence what came of it.
func (s *session) changePlan(ctx context.Context, v planVerb, part planPart) error {
	answer, err := s.tell(ctx, client.Path("plans", part.plan, v.action)+part.query(), nil)
	if err != nil {
		return s.planRefused(err, part)
	}
	if s.json {
		return s.printJSON(answer)
	}
	message, err := client.Decode[wire.Message](answer)
	if err != nil {
		return err
	}
	if message.Message == "" {
		return fmt.Errorf("%s could not be %s", part, v.did)
	}
	return s.printText(fmt.Sprintf("%s has been %s.\n", part, v.did))
}

// planRefused words the statuses with which the scheduler refuses a command to a plan. Which part is missing is told by
// the text of the answer (sdk: http/ResponseUtils.java).
func (s *session) planRefused(err error, part planPart) error {
	look := "See how far it is: " + s.program + " plan status " + part.plan
	err = meaning(err, http.StatusAlreadyReported, "Cannot execute command. Command has already been issued or the plan has completed", look)
	text, remedy := fmt.Sprintf("there is no plan %q", part.plan), "See what there is: "+s.program+" plan list"
	switch body := bodyOf(err); {
	case strings.HasPrefix(body, "Phase "):
		text, remedy = fmt.Sprintf("the plan %q has no phase %q", part.plan, part.phase), "See what there is: "+s.program+" plan status "+part.plan
	case strings.HasPrefix(body, "Step "):
		text = fmt.Sprintf("the phase %q of the plan %q has no step %q, or several", part.phase, part.plan, part.step)
		remedy = "See what there is, ids with --json: " + s.program + " plan status " + part.plan
	case strings.HasPrefix(body, "Element "): // SDK schedulers before 0.40
		text, remedy = "there is no such plan, phase or step", "See what there is: "+s.program+" plan list"
	}
	return meaning(err, http.StatusNotFound, text, remedy)
}
