package cli

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/client"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/cluster"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/render"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

func backupList(s *session) *cobra.Command {
	var at storeFlags
	var database string
	c := &cobra.Command{
		Use:   "list <s3-bucket>",
		Short: "List the backups in a bucket",
		Long: `List the backups in the folder --s3-dir of a bucket, the newest first, with what their
manifests say. Those without one, of the older service or made by hand, are listed with
what is known of them. Nothing is read but the manifests: "backup verify" reads all.`,
		Example:           "  " + s.program + " backup list my-bucket --database bank",
		Args:              oneName(bucketThing),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(c *cobra.Command, args []string) error {
			store, err := s.store(c, &at, args[0])
			if err != nil {
				return err
			}
			answer, backups, err := s.backups(c.Context(), wire.BackupsRequest{Store: store, Database: database})
			if err != nil {
				return err
			}
			if s.json {
				return s.printJSON(answer)
			}
			if len(backups) == 0 {
				s.note("No backups in s3://" + store.Bucket + "/" + store.Dir + ".")
				return nil
			}
			return s.print(func(w io.Writer) error { return render.Backups(w, backups) })
		},
	}
	at.add(c)
	addDatabase(c, &database, "only backups of this `database`")
	return c
}

func backupVerify(s *session) *cobra.Command {
	var at storeFlags
	var database string
	var noWait bool
	c := &cobra.Command{
		Use:   "verify <s3-bucket> <s3-backup-dir>",
		Short: "Read a backup and check it against its manifest, without restoring it",
		Long: `Have a job read a whole backup and hold it against its manifest: size, checksum, tables
and rows of a dump; of a native backup, what the database itself finds. No database is
changed. It is followed as a backup is.`,
		Example:           "  " + s.program + " backup verify my-bucket 20261122T140501Z",
		Args:              names([]string{bucketThing, dirThing}),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(c *cobra.Command, args []string) error {
			store, err := s.store(c, &at, args[0])
			if err != nil {
				return err
			}
			request := wire.JobRequest{Kind: "verify", Database: database, Store: store, BackupDir: strings.Trim(args[1], "/")}
			if database == "" {
				if request.Database, err = s.onlyDatabase(c.Context(), store, request.BackupDir); err != nil {
					return err
				}
			}
			return s.startJob(c.Context(), request, !noWait)
		},
	}
	at.add(c)
	addDatabase(c, &database, "`database` of the backup (needed only where the folder holds several)")
	c.Flags().BoolVar(&noWait, "no-wait", false, "only start the check, and do not follow it")
	return c
}

func addDatabase(c *cobra.Command, database *string, usage string) {
	c.Flags().StringVar(database, "database", "", usage)
	_ = c.RegisterFlagCompletionFunc("database", cobra.NoFileCompletions)
}

// backups asks what a bucket holds.
func (s *session) backups(ctx context.Context, request wire.BackupsRequest) (client.Answer, []wire.Backup, error) {
	c, err := s.connect()
	if err != nil {
		return client.Answer{}, nil, err
	}
	answer, err := c.Post(ctx, client.Path("backups"), request, http.StatusBadRequest)
	if err != nil {
		// The scheduler's own word is text; a gateway before it that finds no scheduler sends a page.
		err = meaning(err, http.StatusBadGateway, "the scheduler could not look into the bucket", "See what the answer names; the scheduler's machine has to reach the store.")
		return answer, nil, s.noJobs(err)
	}
	if answer.Status == http.StatusBadRequest {
		return answer, nil, refusedJob(c, answer)
	}
	found, err := client.Decode[wire.Backups](answer)
	return answer, found.Backups, err
}

// onlyDatabase is the database of the one backup in a folder.
func (s *session) onlyDatabase(ctx context.Context, store wire.Store, dir string) (string, error) {
	_, found, err := s.backups(ctx, wire.BackupsRequest{Store: store})
	if err != nil {
		return "", err
	}
	var databases []string
	for _, backup := range found {
		if backup.BackupDir == dir && !slices.Contains(databases, backup.Database) {
			databases = append(databases, backup.Database)
		}
	}
	where := fmt.Sprintf("s3://%s/%s/%s", store.Bucket, store.Dir, dir)
	switch len(databases) {
	case 0:
		return "", &cluster.Fault{Field: "backup", Value: where, Message: "there is none in this folder",
			Remedy: "See what there is: " + s.program + " backup list " + shellWord(store.Bucket)}
	case 1:
		return databases[0], nil
	}
	slices.Sort(databases)
	return "", &cluster.Fault{Field: "backup", Value: where, Message: fmt.Sprintf("the folder holds backups of %d databases: %s", len(databases), strings.Join(databases, ", ")),
		Remedy: "Say which one: --database " + shellWord(databases[0])}
}

func oneOf(values []string) string { return strings.Join(values, ", ") }
