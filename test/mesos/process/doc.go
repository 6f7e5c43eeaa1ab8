// Package process is a Mesos agent's hands: it runs the tasks of a launch group as real processes of this machine, in
// sandbox folders laid out like those of a real agent, and reports what becomes of them in the statuses the built-in
// executors send.
//
// It decides only what an agent's machine decides: whether a fetch, a start, a check or a health check worked, and when a
// process has ended. It knows no master, no offers and no accounting of resources; it never retries and never restarts.
//
// The behaviour follows Mesos' default executor and command executor: TASK_STARTING before the fetch, TASK_RUNNING after the
// start, SIGTERM to the task's first process (to the whole tree for a command task), SIGKILL to everything after the grace,
// one failed or killed task takes its group with it, a failed fetch or start is TASK_FAILED with the cause as its message and
// no reason. Volumes appear as symlinks, as with the isolators filesystem/posix and volume/sandbox_path. Tasks run under this
// program's own account, as with an agent's --no-switch_user, and see nothing of its environment but PATH.
//
// Designs weighed. A small guard process for each task (package guard) against process groups: only the guard
// catches descendants that start a session of their own, and only it outlives a SIGKILL of this program long enough to clean
// up. Output straight into the sandbox's files against copying through this program: files cost no memory here however
// much a task writes.
//
// Read next: executor.go (the life of a group), task.go (the life of a task), guard/doc.go.
package process
