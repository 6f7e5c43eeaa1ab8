// Package cli is the plug-in behind "dcos cockroachdb": its commands, what they
// print, and what users are told when something fails. Answers go to stdout,
// whole or not at all; everything else goes to stderr; every failure exits 1.
//
// It decides no state of the service: it asks the scheduler's API and shows the
// answer. It never runs another program, never reads from the terminal (options
// come from standard input when that is asked for) and never asks back before it
// acts, both but for confirm.go before a restore destroys a database or the
// authority is changed; it never prints the user's token or the keys of an object
// store (hide.go, and client/redact.go for the trace), and no private key that it
// makes leaves the machine (certs_pem.go).
//
// One file a group of commands: endpoints.go, plan.go with plan_start.go and
// plan_change.go (the verbs it shares with update.go), pod.go with
// pod_command.go, debug.go with one file a thing, why.go, events.go with
// follow.go, diff.go, describe.go, version.go, completion.go; backup.go with
// backup_list.go and restore.go, which share store_*.go (where backups are, with
// which keys) and jobs.go, job_*.go (asking for a job, following it, showing how
// far it is); certs.go with certs_client.go (certs_files.go writes all or nothing)
// and certs_rotate.go, which certs_follow.go follows. A new group is a
// new file with a constructor, and a line in root.go. The page
// docs/reference/cli.md is made from the commands by reference.go.
//
// Read next: run.go for the entrance, cli/cluster for where the scheduler is
// found, cli/client for HTTP, cli/render for trees.
//
// Designs weighed. Commands as packages of their own, against files here: they
// all share the session (flags, environment, output), and a package each would
// only export that. Taking the module's name from argv[1] whatever it is, as SDK
// plug-ins do, against knowing it: the binary also works without dcos then, and
// no command of it may be called "cockroachdb".
package cli
