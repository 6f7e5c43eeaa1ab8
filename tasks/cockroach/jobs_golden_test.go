package cockroach

import (
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var snapshot = time.Date(2026, time.November, 22, 14, 5, 1, 123456789, time.UTC)

// keys are the shape of real ones: a secret key with plus signs and slashes, a token with an equals sign.
var keys = S3URI{Bucket: "backups", Path: "cockroach-backups/20261122T140501Z/my shop", AccessKey: "AKIDEXAMPLE", SecretKey: "se+cr/et&=%", Region: "us-west-1"}

// TestJobStatements writes down what a job says to the database, by version: command lines and SQL.
func TestJobStatements(t *testing.T) {
	for _, text := range []string{"v2.0.7", "v19.2.12", "v20.1.5", "v20.2.19", "v21.1.21", "v22.2.19", "v24.1.6", "v25.4.1"} {
		t.Run(text, func(t *testing.T) {
			v := must(text)
			at := accessOf(specFor(v))
			var b strings.Builder
			line := func(args []string) { b.WriteString("cockroach " + strings.Join(args, " \\\n  ") + "\n\n") }
			say := func(statement string, err error) {
				if err != nil {
					statement = "error: " + err.Error() + "\n"
				}
				b.WriteString(statement)
			}
			if v.Has(DumpData) {
				line(DumpCommand(v, at, "-my shop", SnapshotText(snapshot)))
			}
			line(SQLCommand(v, at, "", CSV))
			line(SQLCommand(v, accessOf(agentSpecFor(v)), "-my shop", TSV))
			internals, _ := AllowInternals(v)
			say(internals, nil)
			say(BackupStatement(v, BackupSpec{Database: `my "shop`, At: snapshot, Target: keys}))
			endpoint := keys
			endpoint.Endpoint, endpoint.PathStyle, endpoint.SessionToken = "https://minio.example:9000", true, "to ken="
			say(BackupStatement(v, BackupSpec{Database: "shop", At: snapshot, Target: endpoint, Incremental: true}))
			role := S3URI{Bucket: "backups", Path: "/a/b/", Implicit: true}
			say(RestoreStatement(v, RestoreSpec{Database: "shop", Source: role}))
			say(RestoreStatement(v, RestoreSpec{Database: "shop", As: "shop", Source: role, Subfolder: "2026/11/22-140501.12"}))
			say(RestoreStatement(v, RestoreSpec{Database: "shop", As: "it's", Source: role, Subfolder: "2026/11/22-140501.12"}))
			say(ShowBackup(v, keys, "2026/11/22-140501.12", true))
			say(ShowBackups(v, keys))
			checkGolden(t, filepath.Join("testdata", "jobs-"+text+".txt"), b.String())
		})
	}
}

// TestSchemaStatements: these are the same for all versions.
func TestSchemaStatements(t *testing.T) {
	table := TableInfo{Schema: "public", Name: `a"b`, Kind: TableBase}
	suspects := []Suspect{{Table: table, Column: "bits", Type: "bit varying"}, {Table: TableInfo{Name: "other"}, Column: "x", Type: "date"},
		{Table: table, Column: `d"`, Type: "date"}, {Table: table, Column: "t", Type: "time without time zone"}}
	text := strings.Join([]string{
		VersionQuery(), UserQuery(), SnapshotQuery(), DatabaseQuery("it's"), DatabaseQueryAt("shop", snapshot), TablesQuery(`my "shop`, snapshot), SequencesQuery("shop", snapshot),
		TablesQuery("shop", time.Time{}), SuspectsQuery("shop", snapshot), InspectQuery("shop", table, suspects, snapshot),
		CreateDatabaseStatement(`my "shop`), JobQuery(12), CancelJob(12), BulkJobsQuery(), ClusterQuery(),
	}, "")
	checkGolden(t, filepath.Join("testdata", "jobs-schema.txt"), text)
}
