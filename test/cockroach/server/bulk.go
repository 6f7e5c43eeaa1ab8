package server

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/bulk"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/cluster"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/sqlstore"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/wire"
)

// redacted is an error as clients may see it: without keys of storage URIs.
func redacted(err error) error {
	if err == nil {
		return nil
	}
	var f *wire.Fault
	if !errors.As(err, &f) {
		f = cluster.FaultOf(err)
	}
	clean := *f
	clean.Message, clean.Detail = bulk.Redact(f.Message), bulk.Redact(f.Detail)
	return &clean
}

// licence is the refusal of what a version sells.
func (n *Node) licence(what string) error {
	return &wire.Fault{SQLState: "XXC02", Message: "use of " + what + " requires an enterprise license. see https://cockroachlabs.com/pricing?cluster=" +
		n.state.ClusterID() + " for details on how to enable enterprise features"}
}

// bulk runs the statements of backups. What touches tables goes to the leader.
func (n *Node) bulk(ctx context.Context, st sqlstore.Statement, user string) (sqlstore.Result, error) {
	if err := n.lawful(st); err != nil {
		return sqlstore.Result{}, err
	}
	verb := strings.ToUpper(strings.Fields(st.SQL)[0])
	if user != "" && user != "root" {
		return sqlstore.Result{}, &wire.Fault{SQLState: "42501", Message: "only users with the admin role are allowed to " + verb}
	}
	switch node := st.Node.(type) {
	case sqlstore.CancelJob:
		o, err := n.propose(ctx, cluster.KindCancel, cluster.Cancel{ID: node.ID}, false)
		if err == nil && o.Fault != nil {
			err = o.Fault
		}
		return sqlstore.Result{Tag: "CANCEL JOBS 1"}, err
	case sqlstore.ShowBackups:
		return n.showBackups(ctx, node)
	case sqlstore.ShowBackup:
		return n.showBackup(ctx, node)
	}
	var id int64
	q := SQLRequest{Text: st.SQL}
	if err := n.atLeader(ctx, opBulk, q, func(ctx context.Context) (any, error) { return n.bulkHere(ctx, q) }, &id); err != nil {
		return sqlstore.Result{}, err
	}
	shown := strconv.FormatInt(id, 10)
	if detached(st.Node) {
		return sqlstore.Result{Columns: []string{"job_id"}, Rows: [][]string{{shown}}}, nil
	}
	for {
		j, ok := n.state.Job(id)
		switch {
		case ok && j.Status == cluster.Succeeded:
			return sqlstore.Result{
				Columns: []string{"job_id", "status", "fraction_completed", "rows", "index_entries", "bytes"},
				Rows:    [][]string{{shown, j.Status, "1", strconv.FormatInt(j.Rows, 10), "0", strconv.FormatInt(j.Bytes, 10)}},
			}, nil
		case ok && j.Done():
			return sqlstore.Result{}, &wire.Fault{SQLState: "XXUUU", Message: j.Error}
		}
		if !n.pause(ctx) {
			return sqlstore.Result{}, context.Cause(ctx)
		}
	}
}

func detached(node sqlstore.Node) (yes bool) {
	switch x := node.(type) {
	case sqlstore.Backup:
		_, yes = x.Options["detached"]
	case sqlstore.Restore:
		_, yes = x.Options["detached"]
	}
	return yes
}

// lawful holds the rules by version. Source: cockroachdb-versions.md, 7; the refusals
// of v20.1 are recorded in TestBackupIsRefused.
func (n *Node) lawful(st sqlstore.Statement) error {
	v := n.cfg.Version
	old := v.Before(20, 2, 0)
	unknown := func(word string) error {
		err := sqlstore.Unknown(st.SQL, word, bulk.Redact)
		var e *sqlstore.Error
		if errors.As(err, &e) && word == "into" {
			e.Hint = "try \\h BACKUP"
		}
		return cluster.FaultOf(err)
	}
	options := map[string]string{}
	switch x := st.Node.(type) {
	case sqlstore.Backup:
		options = x.Options
		switch {
		case old && x.Into:
			return unknown("into")
		case old:
			return n.licence("BACKUP")
		case !x.Into && v.AtLeast(25, 1, 0):
			return unknown("to")
		case !x.Into:
			return &wire.Fault{SQLState: "0A000", Message: "unimplemented in the stand-in: BACKUP TO; use BACKUP INTO"}
		case (x.Latest || x.Sub != "") && n.state.Setting("enterprise.license") == "":
			return n.licence("BACKUP with incremental")
		case x.Latest || x.Sub != "":
			return &wire.Fault{SQLState: "0A000", Message: "unimplemented in the stand-in: incremental backups"}
		}
	case sqlstore.Restore:
		options = x.Options
		_, renamed := options["new_db_name"]
		switch {
		case old && x.In:
			return unknown("in")
		case old:
			return n.licence("RESTORE")
		case x.Latest && v.Before(21, 1, 0):
			return unknown("latest")
		case renamed && v.Before(22, 1, 0):
			return unknown("new_db_name")
		case !x.In && v.AtLeast(25, 1, 0):
			return &wire.Fault{SQLState: "42601", Message: "RESTORE FROM without a collection is not supported any more"}
		}
	case sqlstore.ShowBackups:
		if old {
			return unknown("in")
		}
	case sqlstore.ShowBackup:
		options = x.Options
		_, checked := options["check_files"]
		switch {
		case old && !x.In:
			return n.licence("SHOW BACKUP")
		case x.In && old:
			return unknown("in")
		case !x.In && v.AtLeast(23, 1, 0):
			return &wire.Fault{SQLState: "42601", Message: "SHOW BACKUP of a full URI is not supported any more: use SHOW BACKUP … IN"}
		case checked && v.Before(22, 2, 0):
			return unknown("check_files")
		}
	}
	for name := range options {
		switch name {
		case "detached", "new_db_name", "check_files":
		default:
			return &wire.Fault{SQLState: "42601", Message: fmt.Sprintf("invalid option %q", name)}
		}
	}
	return nil
}

func (n *Node) bucket(uri string) (*bulk.Bucket, error) {
	c, err := bulk.Parse(uri, n.cfg.Version)
	if err != nil {
		return nil, err
	}
	return bulk.Open(c, n.state.Setting("cloudstorage.http.custom_ca"))
}

// slash is how later versions show a backup's folder.
func (n *Node) slash(sub string) string {
	if n.cfg.Version.AtLeast(21, 1, 0) {
		return "/" + sub
	}
	return sub
}

func (n *Node) showBackups(ctx context.Context, q sqlstore.ShowBackups) (sqlstore.Result, error) {
	b, err := n.bucket(q.URI)
	if err != nil {
		return sqlstore.Result{}, err
	}
	subs, err := b.Backups(ctx)
	r := sqlstore.Result{Columns: []string{"path"}}
	for _, s := range subs {
		r.Rows = append(r.Rows, []string{n.slash(s)})
	}
	return r, err
}

// chosen finds the backup that a statement names.
func (n *Node) chosen(ctx context.Context, uri, sub string, latest bool) (*bulk.Bucket, string, bulk.Manifest, error) {
	b, err := n.bucket(uri)
	if err == nil && latest || strings.EqualFold(sub, "latest") {
		sub, err = b.Latest(ctx)
	}
	if err != nil {
		return nil, "", bulk.Manifest{}, err
	}
	sub = strings.Trim(sub, "/")
	m, err := b.Manifest(ctx, sub)
	if err != nil {
		err = fmt.Errorf("failed to find backup %q in the collection: %w", sub, err)
	}
	return b, sub, m, err
}

func (n *Node) showBackup(ctx context.Context, q sqlstore.ShowBackup) (sqlstore.Result, error) {
	b, sub, m, err := n.chosen(ctx, q.URI, q.Sub, q.Latest)
	if err != nil {
		return sqlstore.Result{}, err
	}
	if _, check := q.Options["check_files"]; check {
		var missing []string
		for _, f := range m.Files {
			if size, err := b.Size(ctx, sub+"/"+f.Name); err != nil || size != f.Bytes {
				missing = append(missing, "\t"+f.Name)
			}
		}
		if len(missing) > 0 {
			return sqlstore.Result{}, &wire.Fault{SQLState: "XXUUU", Message: "The following files are missing from the backup:\n" + strings.Join(missing, "\n")}
		}
	}
	r := sqlstore.Result{Columns: []string{
		"database_name", "parent_schema_name", "object_name", "object_type", "backup_type", "start_time", "end_time", "size_bytes", "rows", "is_full_cluster",
	}}
	end := sqlstore.TimeText(time.Unix(0, m.End))
	row := func(db, schema, name, kind, size, rows string) {
		r.Rows = append(r.Rows, []string{db, schema, name, kind, "full", "NULL", end, size, rows, "false"})
	}
	row("NULL", "NULL", m.Database, "database", "NULL", "NULL")
	if n.cfg.Version.AtLeast(22, 1, 0) {
		row(m.Database, "NULL", "public", "schema", "NULL", "NULL")
	}
	for _, o := range m.Objects {
		var size, rows int64
		for _, f := range m.Files {
			if f.Object == o.ID {
				size, rows = size+f.Bytes, rows+f.Rows
			}
		}
		row(m.Database, "public", o.Name, o.Kind, strconv.FormatInt(size, 10), strconv.FormatInt(rows, 10))
	}
	return r, nil
}
