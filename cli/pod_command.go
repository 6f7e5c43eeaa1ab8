package cli

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/spf13/cobra"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/client"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/render"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

// podVerb is something that people have done to a pod.
type podVerb struct {
	name   string // also the last word of the API's path
	group  string // the words before it: "pod", "debug pod"
	short  string
	long   string
	follow string // the command that shows how far it is, %s for the pod
	note   string // said on stderr when the order is carried out at once, %q for the pod
	noted  string // the same when it waits
	tasks  bool   // it may be narrowed down to tasks
}

// waits is what every verb's help says of the gate.
const waits = `

It answers at once. Where another node is down, or the database is not well, the
order is kept and waits: never are two nodes down by order. What it waits for is
printed, and "why" shows it at any time. --force does not wait; the log tells so.`

var (
	podRestart = podVerb{name: "restart", group: "pod", follow: "plan status recovery",
		short: "Restart a pod where it is, with its volume",
		long:  "Stop the pod's tasks and start them again on the same agent, with the same volume." + waits}
	podReplace = podVerb{name: "replace", group: "pod", follow: "plan status recovery",
		short: "Start a pod anew elsewhere, and destroy its old volume",
		long: `Give the pod a new place, on the same agent or another one, with a new and empty
volume; the old volume is destroyed with the data on it. A database node gets its
data from the other nodes. It is the way out when an agent is gone for good.` + waits,
		note:  "The pod %q starts with an empty volume; its old one will be destroyed.",
		noted: "Once it is carried out, the pod %q starts with an empty volume; its old one will be destroyed."}
	podPause = podVerb{name: "pause", group: "debug pod", follow: "pod status %s", tasks: true,
		short: "Keep a pod's place but run nothing in it, to look into its sandbox",
		long: `The task is restarted with a command that waits in place of the database, until it
is resumed. The node is down meanwhile.` + waits}
	podResume = podVerb{name: "resume", group: "debug pod", follow: "pod status %s", tasks: true,
		short: "Run a paused pod again",
		long:  "Restart the paused tasks with their own command." + waits}
)

func (v podVerb) command(s *session) *cobra.Command {
	var force bool
	var tasks []string
	full := s.program + " " + v.group + " " + v.name
	c := &cobra.Command{
		Use:               v.name + " <pod>",
		Short:             v.short,
		Long:              v.long,
		Example:           "  " + full + " cockroachdb-1",
		Args:              oneName("name of the pod"),
		ValidArgsFunction: s.completeNames("pod"),
		RunE: func(c *cobra.Command, args []string) error {
			return s.orderPod(c.Context(), v, args[0], tasks, force)
		},
	}
	c.Flags().BoolVar(&force, "force", false, "do not wait until the other nodes and the database are well; the database may become unavailable")
	if v.tasks {
		c.Flags().StringArrayVarP(&tasks, "tasks", "t", nil, "a `task` of the pod, by its short or full name; may be repeated (without it: all)")
		c.Example += "\n  " + full + " cockroachdb-1 -t node-join"
	}
	return c
}

func (s *session) orderPod(ctx context.Context, v podVerb, pod string, tasks []string, force bool) error {
	path := client.Path("pod", pod, v.name)
	if force {
		path += "?force=true"
	}
	var body any
	if len(tasks) > 0 {
		body = tasks
	}
	answer, err := s.tell(ctx, path, body)
	if err != nil {
		err = meaning(err, http.StatusConflict, fmt.Sprintf("the scheduler does not %s the pod %q", v.name, pod), "See what waits: "+s.program+" why")
		text, list := fmt.Sprintf("there is no pod %q", pod), "pod list"
		if len(tasks) > 0 {
			text, list = fmt.Sprintf("there is no pod %q, or it has no task %s", pod, strings.Join(tasks, ", ")), "pod status"
		}
		return s.noPod(err, text, list)
	}
	order, err := client.Decode[wire.PodCommand](answer)
	if err != nil {
		return err
	}
	if err := s.printJSON(answer); err != nil {
		return err
	}
	s.noteOrder(v, pod, order.Message)
	return nil
}

// noteOrder says what becomes of an order that was taken: message is what it waits for, empty when it does not.
func (s *session) noteOrder(v podVerb, pod, message string) {
	if message == "" {
		if v.note != "" {
			s.note(fmt.Sprintf(v.note, pod))
		}
		return
	}
	s.note(pod + ": " + message)
	if v.noted != "" {
		s.note(fmt.Sprintf(v.noted, pod))
	}
	follow := v.follow
	if strings.Contains(follow, "%s") {
		follow = fmt.Sprintf(follow, pod)
	}
	s.note(fmt.Sprintf("Follow it: %s %s, or what waits: %s why", s.program, follow, s.program))
}

// note tells the person something beside the answer, on stderr.
func (s *session) note(text string) {
	fmt.Fprintln(s.stderr, render.Text(strings.TrimSpace(text)))
}
