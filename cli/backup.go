package cli

import (
	"errors"

	"github.com/spf13/cobra"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

// The values that choices may have; the first one is the scheduler's standard, taken when none is given.
var (
	compressions = []string{"gzip", "zstd", "none"}
	methods      = []string{"auto", "dump", "native"}
	existings    = []string{"refuse", "keep", "drop"}
)

const databaseThing, bucketThing = "name of the database", "name of the S3 bucket"

func newBackup(s *session) *cobra.Command {
	var at storeFlags
	var request wire.JobRequest
	var noWait bool
	c := &cobra.Command{
		Use:   "backup <database> <s3-bucket>",
		Short: "Back up a database to S3; show, check and cancel backups",
		Long: `Back up one database, as it is at one moment, to
s3://<s3-bucket>/<s3-dir>/<s3-backup-dir>/. A backup that succeeds is whole: what is
stored was counted against the database. Nothing is written to a disk on the way.

The command follows the backup to its end: how far it is goes to stderr, what was
stored to stdout, and the exit status is 1 when it fails. Ctrl-C ends the following,
not the backup.

Keys are taken from the environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY,
AWS_SESSION_TOKEN) or from flags, which win. They are held in the scheduler's memory
until the backup has fetched them, and stored nowhere.

A database that is called as one of the commands below is named behind two hyphens:
backup -- list <s3-bucket>.`,
		Example: "  " + s.program + " backup bank my-bucket\n" +
			"  " + s.program + " backup bank my-bucket --s3-backup-dir before-upgrade --region eu-central-1\n" +
			"  " + s.program + " backup bank my-bucket --s3-endpoint https://s3.example.com:9000 --s3-path-style --ca-file ca.pem",
		Args:              jobNames([]string{databaseThing, bucketThing}),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(c *cobra.Command, args []string) error {
			store, err := s.store(c, &at, args[1])
			err = errors.Join(err, chosen(c, "compress", request.Compress, compressions), chosen(c, "method", request.Method, methods))
			if err != nil {
				return err
			}
			request.Kind, request.Database, request.Store = "backup", args[0], store
			return s.startJob(c.Context(), request, !noWait)
		},
	}
	at.add(c)
	flags := c.Flags()
	flags.StringVarP(&request.BackupDir, "s3-backup-dir", "l", "", "`folder` of this backup below --s3-dir (standard: a time stamp, 20261122T140501Z)")
	flags.StringVar(&request.Compress, "compress", "", "how a dump is packed, `gzip|zstd|none` (standard: gzip); the database packs a native backup itself")
	flags.StringVar(&request.Method, "method", "", "how the backup is made, `auto|dump|native` (standard: auto, which is native from CockroachDB v20.2 on)")
	flags.BoolVar(&request.Incremental, "incremental", false, "add what has changed to the native backup that is in --s3-backup-dir; needs a licence of the database")
	flags.BoolVar(&noWait, "no-wait", false, "only start the backup, and do not follow it")
	completeChoice(c, "compress", compressions)
	completeChoice(c, "method", methods)
	_ = c.RegisterFlagCompletionFunc("s3-backup-dir", cobra.NoFileCompletions)
	c.AddCommand(backupList(s), backupVerify(s), jobStatus(s, "backup"), jobCancel(s, "backup"))
	return c
}

// jobNames wants the names of things, as names does. A single word that is nearly a sub-command is taken for it.
func jobNames(needed []string, optional ...string) cobra.PositionalArgs {
	check := names(needed, optional...)
	return func(c *cobra.Command, args []string) error {
		if len(args) == 1 {
			c.SuggestionsMinimumDistance = 2
			if near := c.SuggestionsFor(args[0]); len(near) > 0 {
				return unknown(c, args[0])
			}
		}
		return check(c, args)
	}
}

// chosen holds the value of a flag, when it is given, against its choices.
func chosen(c *cobra.Command, flag, value string, values []string) error {
	if !c.Flags().Changed(flag) {
		return nil
	}
	return choice("--"+flag, value, values...)
}

func completeChoice(c *cobra.Command, flag string, values []string) {
	_ = c.RegisterFlagCompletionFunc(flag, func(_ *cobra.Command, _ []string, begun string) ([]string, cobra.ShellCompDirective) {
		return offer(begun, values)
	})
}
