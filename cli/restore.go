package cli

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/cluster"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/render"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

const dirThing = "folder of the backup (s3-backup-dir)"

func newRestore(s *session) *cobra.Command {
	var at storeFlags
	var request wire.JobRequest
	var noWait, yes bool
	c := &cobra.Command{
		Use:   "restore <database> <s3-bucket> <s3-backup-dir>",
		Short: "Restore a database from S3",
		Long: `Restore the backup of <database> in s3://<s3-bucket>/<s3-dir>/<s3-backup-dir>/ into the
database of that name, or into another one with --into. Bucket, manifest, checksum and
version are checked before the database is touched. Backups of the older service and
plain files of "cockroach dump" are restored too; they have no manifest, and the
result says so.

A database that has tables already is left alone, unless --existing says otherwise.
A dump stops at the first statement that fails, and what came before it stays.

"backup list <s3-bucket>" shows what there is. Keys, following and the end are as with
"backup". A database that is called status or cancel is named behind two hyphens:
restore -- status <s3-bucket> <s3-backup-dir>.`,
		Example: "  " + s.program + " restore bank my-bucket 20261122T140501Z\n" +
			"  " + s.program + " restore bank my-bucket 20261122T140501Z --into bank_of_yesterday\n" +
			"  " + s.program + " restore bank my-bucket 20261122T140501Z --existing drop --yes",
		Args:              jobNames([]string{databaseThing, bucketThing}, dirThing),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(c *cobra.Command, args []string) error {
			store, err := s.store(c, &at, args[1])
			dir, dirFault := restoreDir(request.BackupDir, args[2:])
			if usage, ok := errors.AsType[*usageError](dirFault); ok {
				return usage
			}
			err = errors.Join(err, dirFault, chosen(c, "existing", request.Existing, existings), s.dropFault(request, yes))
			if err != nil {
				return err
			}
			request.Kind, request.Database, request.Store, request.BackupDir = "restore", args[0], store, dir
			if request.Existing == "drop" && !yes {
				if err := s.confirmDrop(c, request); err != nil {
					return err
				}
			}
			return s.startJob(c.Context(), request, !noWait)
		},
	}
	at.add(c)
	flags := c.Flags()
	flags.StringVarP(&request.BackupDir, "s3-backup-dir", "l", "", "`folder` of the backup below --s3-dir, in place of the third word")
	flags.StringVar(&request.Into, "into", "", "restore into the `database` of this name (standard: the name in the backup)")
	flags.StringVar(&request.Existing, "existing", "", "what becomes of a database that has tables, `refuse|keep|drop` (standard: refuse); drop destroys them")
	flags.BoolVar(&request.NewerDump, "newer-dump", false, "try a dump of a later database version too; it stops at the first statement that this version does not know")
	flags.BoolVar(&yes, "yes", false, "do not ask before --existing drop")
	flags.BoolVar(&noWait, "no-wait", false, "only start the restore, and do not follow it")
	completeChoice(c, "existing", existings)
	for _, name := range []string{"s3-backup-dir", "into"} {
		_ = c.RegisterFlagCompletionFunc(name, cobra.NoFileCompletions)
	}
	c.AddCommand(jobStatus(s, "restore"), jobCancel(s, "restore"))
	return c
}

// restoreDir takes the folder from the third word or from the flag of the older service.
func restoreDir(flag string, word []string) (string, error) {
	switch {
	case len(word) == 0 && flag == "":
		return "", &usageError{"the " + dirThing + " is missing"}
	case len(word) == 0:
		return flag, nil
	case flag != "" && flag != word[0]:
		return "", &cluster.Fault{Field: "--s3-backup-dir", Value: flag, Message: fmt.Sprintf("is not the folder %q that is named too", word[0]),
			Remedy: "Name the folder of the backup once."}
	}
	return word[0], nil
}

// dropFault refuses to destroy a database when nobody can be asked.
func (s *session) dropFault(request wire.JobRequest, yes bool) error {
	if request.Existing != "drop" || yes || s.canAsk() {
		return nil
	}
	return &cluster.Fault{Field: "--existing", Value: "drop", Message: "destroys what is in the database, and nobody can be asked here", Remedy: "Add --yes."}
}

func (s *session) confirmDrop(c *cobra.Command, request wire.JobRequest) error {
	target := request.Into
	if target == "" {
		target = request.Database
	}
	return s.confirm(c.Context(), fmt.Sprintf("The database %q and all that is in it will be destroyed, then restored from s3://%s/%s/%s.",
		target, request.Bucket, request.Dir, request.BackupDir), target)
}

// restoreCommand is the command line that restores a backup.
func (s *session) restoreCommand(job wire.Job) string {
	words := []string{s.program, "restore"}
	if job.Dir != "" && job.Dir != standardDir {
		words = append(words, "--s3-dir", shellWord(job.Dir))
	}
	if job.Database == "status" || job.Database == "cancel" || strings.HasPrefix(job.Database, "-") {
		words = append(words, "--") // flags come before it
	}
	return strings.Join(append(words, shellWord(job.Database), shellWord(job.Bucket), shellWord(job.BackupDir)), " ")
}

// printDone prints what a job that succeeded did.
func (s *session) printDone(job wire.Job) error {
	return s.print(func(w io.Writer) error { return render.JobDone(w, job) })
}
