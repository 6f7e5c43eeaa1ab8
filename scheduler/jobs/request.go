package jobs

import (
	"slices"
	"strings"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/backup"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"
)

// DefaultCompress is how a dump is stored unless somebody says otherwise.
const DefaultCompress = backup.Gzip

// Parse turns a request into the job that it means, without id and asker, and the keys for it. The error is Faults: all that
// is wrong, for a database of this version. The time names the folder of a backup that has none.
func Parse(request wire.JobRequest, version cockroach.Version, now time.Time) (tasks.Job, wire.Keys, error) {
	var faults Faults
	job := tasks.Job{Kind: tasks.JobKind(request.Kind), Params: params(request, now)}
	if !slices.Contains(tasks.JobKinds, job.Kind) {
		faults.add("kind", request.Kind, "is not a kind of job", "write backup, restore or verify")
		job.Kind = ""
	}
	place(job.Kind, &job.Params, &faults)
	store := request.Store
	store.Region = job.Params.Region
	checkStore(store, &faults)
	job.Params.CA = readCA(request.CA, &faults)
	checkKind(request, &faults)
	checkMethod(&job, version, &faults)
	if len(faults) > 0 {
		return tasks.Job{}, wire.Keys{}, faults
	}
	job.KeysKept = request.IAM
	return job, request.Keys, nil
}

// params are those of the request, with the standard values.
func params(r wire.JobRequest, now time.Time) tasks.JobParams {
	p := tasks.JobParams{Database: r.Database, Bucket: r.Bucket, Dir: r.Dir, BackupDir: r.BackupDir, Region: r.Region, Endpoint: r.Endpoint,
		PathStyle: r.PathStyle, IAM: r.IAM, Compress: r.Compress, Method: r.Method, Incremental: r.Incremental, Into: r.Into,
		Existing: r.Existing, NewerDump: r.NewerDump}
	if p.Region == "" {
		p.Region = DefaultRegion
	}
	if p.Method == "" {
		p.Method = string(backup.Auto)
	}
	switch tasks.JobKind(r.Kind) {
	case tasks.JobBackup:
		if p.BackupDir == "" && !p.Incremental {
			p.BackupDir = backup.BackupDirAt(now)
		}
		if p.Compress == "" {
			p.Compress = string(DefaultCompress)
		}
	case tasks.JobRestore:
		if p.Existing == "" {
			p.Existing = tasks.ExistingRefuse
		}
		if p.Into == p.Database {
			p.Into = ""
		}
	}
	return p
}

// place checks and tidies bucket, folders and the names of databases.
func place(kind tasks.JobKind, p *tasks.JobParams, faults *Faults) {
	where := backup.Place{Bucket: p.Bucket, Dir: p.Dir, BackupDir: p.BackupDir, Database: p.Database}
	if p.BackupDir == "" {
		where.BackupDir = "any"
	}
	if p.BackupDir == "" && kind != "" {
		faults.add("backupDir", "", "is missing", "name the folder of the backup; backup list shows them")
	}
	clean, found := backup.Normalise(where)
	for _, fault := range found {
		faults.take(fault)
	}
	p.Bucket, p.Dir, p.Database = clean.Bucket, clean.Dir, clean.Database
	if p.BackupDir != "" {
		p.BackupDir = clean.BackupDir
	}
	if p.Into == "" {
		return
	}
	_, found = backup.Normalise(backup.Place{Bucket: "any", BackupDir: "any", Database: p.Into})
	for _, fault := range found {
		fault.Field = "into"
		faults.take(fault)
	}
}

// checkKind refuses what belongs to jobs of another kind, and words that are none.
func checkKind(r wire.JobRequest, faults *Faults) {
	kind := tasks.JobKind(r.Kind)
	for _, one := range []struct {
		field, value string
		of           tasks.JobKind
	}{
		{"compress", r.Compress, tasks.JobBackup}, {"incremental", given(r.Incremental), tasks.JobBackup}, {"into", r.Into, tasks.JobRestore},
		{"existing", r.Existing, tasks.JobRestore}, {"newerDump", given(r.NewerDump), tasks.JobRestore},
	} {
		if one.value != "" && kind != one.of && slices.Contains(tasks.JobKinds, kind) {
			faults.add(one.field, one.value, "is for a "+string(one.of)+" only", "leave it out")
		}
	}
	if _, fault := backup.ParseCompression(r.Compress); fault != nil {
		faults.take(*fault)
	}
	words := []string{"", tasks.ExistingRefuse, tasks.ExistingKeep, tasks.ExistingDrop}
	if !slices.Contains(words, r.Existing) {
		faults.add("existing", r.Existing, "says nothing about tables that are there", "write one of "+strings.Join(words[1:], ", "))
	}
}

func given(yes bool) string {
	if yes {
		return "true"
	}
	return ""
}

// checkMethod asks whether a database of this version can do it. The method of a restore is that of the backup, which only
// its task sees.
func checkMethod(job *tasks.Job, version cockroach.Version, faults *Faults) {
	p := &job.Params
	if job.Kind != tasks.JobBackup {
		if !slices.Contains([]backup.Method{backup.Auto, backup.Dump, backup.Native}, backup.Method(p.Method)) {
			faults.add("method", p.Method, "no such method", "use auto, dump or native")
		}
		return
	}
	method, fault := backup.Choose(p.Method, version)
	if fault != nil {
		faults.take(*fault)
		return
	}
	if p.Incremental {
		if _, fault := backup.CheckIncremental(method, version); fault != nil {
			faults.take(*fault)
		}
	}
	if method == backup.Native {
		// The database compresses by itself, whatever was asked for.
		p.Compress = ""
	}
}

// CheckStore tidies the place of a folder of backups and the way to it. The error is Faults.
func CheckStore(store wire.Store) (wire.Store, error) {
	var faults Faults
	if store.Region == "" {
		store.Region = DefaultRegion
	}
	clean, found := backup.Normalise(backup.Place{Bucket: store.Bucket, Dir: store.Dir, BackupDir: "any", Database: "any"})
	for _, fault := range found {
		faults.take(fault)
	}
	checkStore(store, &faults)
	store.CA = readCA(store.CA, &faults)
	if len(faults) > 0 {
		return wire.Store{}, faults
	}
	store.Bucket, store.Dir = clean.Bucket, clean.Dir
	return store, nil
}
