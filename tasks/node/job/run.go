package job

import (
	"context"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/node"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/node/certs"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/node/s3"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// Job is `cockroachdb-node job`: one backup, restore or verification.
type Job struct {
	// Dir is the sandbox, an absolute path.
	Dir string
	// Environ is the task's environment as NAME=value. What is secret in it never reaches a child.
	Environ []string
	// Stdout takes the job's lines.
	Stdout io.Writer
	// Signals delivers what the task is sent.
	Signals <-chan os.Signal
	// Tool is the version of this program, for manifests.
	Tool string
	// OpenStore makes the connection to the object store; nil means OpenS3.
	OpenStore func(tasks.JobParams, s3.Keys) (Store, error)
	// Memory is where the private key is.
	Memory certs.Memory

	pace pace
}

// Reasons for a job to end before its work is done.
var (
	errStopped = errors.New("the task was told to stop")
	errUnasked = errors.New("the scheduler does not want this job to go on")
)

// lastSecond is what is left of the kill grace for the process to end in.
const lastSecond = time.Second

// Run returns the exit code: 0 when the job succeeded, tasks.ExitJobFailed or tasks.ExitJobCancelled when it did not, else that
// of a bad environment.
func (j Job) Run(ctx context.Context) int {
	if j.pace == (pace{}) {
		j.pace = usual
	}
	out := &scrubbing{out: j.Stdout}
	journal := node.NewJournal(out, time.Now)
	settings, err := node.ParseJobSettings(j.Environ)
	if err != nil {
		journal.Say("ERROR: %v", err)
		return node.ExitCode(err)
	}
	out.hide(settings.Ticket.Token)
	journal.Say("job %s of service %s, task %s", settings.Ticket.ID, settings.Service, settings.TaskID)

	pass, err := newPassport(settings, j.Memory, j.Dir, journal)
	if err != nil {
		cannotBegin(err, journal)
		return tasks.ExitJobFailed
	}
	defer pass.remove(journal)
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	code := make(chan int, 1)
	go func() { code <- j.run(ctx, stop, settings, pass, out, journal) }()
	var over <-chan time.Time
	for {
		select {
		case result := <-code:
			return result
		case sig := <-j.Signals:
			if sig == syscall.SIGHUP || over != nil {
				continue
			}
			journal.Say("got %s: everything is stopped within %s", sig, settings.KillGrace)
			stop(errStopped)
			over = time.After(max(settings.KillGrace-lastSecond, lastSecond))
		case <-over:
			journal.Say("WARNING: not everything was cleaned up within the kill grace; the next backup of this database aborts what is left")
			return tasks.ExitJobCancelled
		}
	}
}

// run collects the job, does it, and says how it ended.
func (j Job) run(ctx context.Context, stop context.CancelCauseFunc, s node.JobSettings, pass *passport, out *scrubbing, journal *node.Journal) int {
	began := time.Now()
	desk := newDesk(s, j.pace, journal)
	given, err := desk.collect(ctx, pass.request())
	if err != nil {
		cannotBegin(err, journal)
		if errors.Is(context.Cause(ctx), errStopped) {
			return tasks.ExitJobCancelled
		}
		return tasks.ExitJobFailed
	}
	keys := given.Keys.s3()
	out.hide(keys.SecretAccessKey, keys.SessionToken, keys.AccessKeyID)
	journal.Say("collected: %s", describe(given.Job))

	how := newProgress(journal)
	reports := desk.follow(ctx, how, func() { stop(errUnasked) })
	w := &work{
		settings: s, job: given.Job, params: given.Job.Params, keys: keys, tool: j.Tool, dir: j.Dir, pace: j.pace, began: began,
		environ: childEnviron(j.Environ), journal: journal, how: how, hide: out.clean, leftovers: given.Leftovers, pass: pass,
	}
	var result *tasks.JobResult
	if err = pass.install(given); err == nil {
		result, err = w.do(ctx, j.opener(s))
	}
	reports.stop()
	end := ending(ctx, result, err, out.clean, time.Since(began))
	say(journal, end)
	desk.end(ctx, end, s.KillGrace)
	return exitCode(end.State)
}

func cannotBegin(err error, journal *node.Journal) {
	problem, remedy := explain(err)
	journal.Say("ERROR: the job cannot begin: %s", sentence(problem, remedy))
}

func (j Job) opener(s node.JobSettings) func(tasks.JobParams, s3.Keys) (Store, error) {
	if j.OpenStore != nil {
		return j.OpenStore
	}
	return OpenS3(j.Tool, s.MemMB)
}

// ending is how the job's task says that it ended. A job that was done when the order to stop came was done.
func ending(ctx context.Context, result *tasks.JobResult, err error, clean func(string) string, took time.Duration) tasks.JobEnd {
	if err == nil {
		result.Took = took.Round(time.Millisecond)
		return tasks.JobEnd{State: tasks.JobSucceeded, Result: result}
	}
	problem, remedy := explain(err)
	end := tasks.JobEnd{State: tasks.JobFailed, Problem: clean(problem), Remedy: clean(remedy)}
	if ctx.Err() != nil {
		end.State = tasks.JobCancelled
		end.Problem = context.Cause(ctx).Error()
		// What went wrong in cleaning up is worth more words than that something was interrupted.
		if fault := (*leftover)(nil); errors.As(err, &fault) {
			end.Problem, end.Remedy = clean(fault.Error()), fault.remedy
		}
	}
	return end
}

func say(journal *node.Journal, end tasks.JobEnd) {
	if end.State != tasks.JobSucceeded {
		journal.Say("%s: %s", strings.ToUpper(string(end.State)), sentence(end.Problem, end.Remedy))
		return
	}
	r := end.Result
	journal.Say("SUCCEEDED: %s, %d tables, %d rows, %d bytes, %d stored, in %s", r.Location, r.Tables, r.Rows, r.Bytes, r.Stored, r.Took)
}

func exitCode(state tasks.JobState) int {
	switch state {
	case tasks.JobSucceeded:
		return 0
	case tasks.JobCancelled:
		return tasks.ExitJobCancelled
	}
	return tasks.ExitJobFailed
}

// childEnviron is what children may see: no key of the object store is theirs to have, not even the agent's own.
func childEnviron(environ []string) []string {
	return slices.DeleteFunc(cockroach.Environment(environ), func(entry string) bool { return strings.HasPrefix(entry, "AWS_") })
}

// Forget takes the token out of this process' own environment, so that no child can have it by mistake.
func Forget() {
	_ = os.Unsetenv(cockroach.EnvJobToken) // fails for names that cannot be
}
