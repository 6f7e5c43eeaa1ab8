package jobs

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"
)

func TestWhatARequestMeans(t *testing.T) {
	standard := tasks.JobParams{Database: "bank", Bucket: "my-bucket", Dir: "cockroach-backups", BackupDir: "20261122T120000Z",
		Region: "us-west-1", Method: "auto"}
	restore := func(r *wire.JobRequest) { r.Kind, r.BackupDir = "restore", "/nightly//1/" }
	for _, tt := range []struct {
		name    string
		version cockroach.Version
		change  func(*wire.JobRequest)
		kind    tasks.JobKind
		want    func(*tasks.JobParams)
		kept    bool
	}{
		{"a backup of a database with dump", old, nil, tasks.JobBackup, func(p *tasks.JobParams) { p.Compress = "gzip" }, false},
		{"a backup of a newer one", modern, nil, tasks.JobBackup, func(*tasks.JobParams) {}, false},
		{"the database compresses by itself", modern, func(r *wire.JobRequest) { r.Compress = "zstd" }, tasks.JobBackup, func(*tasks.JobParams) {}, false},
		{"everything that a backup has", old, func(r *wire.JobRequest) {
			r.Database, r.Dir, r.BackupDir, r.Compress, r.Method = "Bank Ärger/1", "/a//b/", "c/d", "none", "dump"
			r.Region, r.Endpoint, r.PathStyle = "eu-central-1", "https://s3.example.org:9000/", true
		}, tasks.JobBackup, func(p *tasks.JobParams) {
			p.Database, p.Dir, p.BackupDir, p.Compress, p.Method = "Bank Ärger/1", "a/b", "c/d", "none", "dump"
			p.Region, p.Endpoint, p.PathStyle = "eu-central-1", "https://s3.example.org:9000/", true
		}, false},
		{"the agent's role", old, func(r *wire.JobRequest) { r.IAM, r.Keys = true, wire.Keys{} }, tasks.JobBackup,
			func(p *tasks.JobParams) { p.IAM, p.Compress = true, "gzip" }, true},
		{"a private CA", modern, func(r *wire.JobRequest) { r.CA = "hush\n" + certificate(t) + "\n" + certificate(t) + "# hush" }, tasks.JobBackup,
			func(p *tasks.JobParams) { p.CA = certificate(t) + certificate(t) }, false},
		{"an incremental backup", modern, func(r *wire.JobRequest) { r.Incremental, r.BackupDir = true, "full" }, tasks.JobBackup,
			func(p *tasks.JobParams) { p.Incremental, p.BackupDir = true, "full" }, false},
		{"a restore", modern, restore, tasks.JobRestore, func(p *tasks.JobParams) { p.BackupDir, p.Existing = "nightly/1", "refuse" }, false},
		{"a restore into another database", old, func(r *wire.JobRequest) {
			restore(r)
			r.Into, r.Existing, r.NewerDump, r.Method = "bank2", "drop", true, "native"
		}, tasks.JobRestore, func(p *tasks.JobParams) {
			p.BackupDir, p.Existing, p.Into, p.NewerDump, p.Method = "nightly/1", "drop", "bank2", true, "native"
		}, false},
		{"a restore into the same one", old, func(r *wire.JobRequest) { restore(r); r.Into, r.Existing = "bank", "keep" }, tasks.JobRestore,
			func(p *tasks.JobParams) { p.BackupDir, p.Existing = "nightly/1", "keep" }, false},
		{"a verification", modern, func(r *wire.JobRequest) { r.Kind, r.BackupDir = "verify", "x" }, tasks.JobVerify,
			func(p *tasks.JobParams) { p.BackupDir = "x" }, false},
	} {
		want := standard
		tt.want(&want)
		asked := request(tt.change)
		job, keys, err := Parse(asked, tt.version, noon)
		if err != nil || job.Kind != tt.kind || !reflect.DeepEqual(job.Params, want) || keys != asked.Keys || job.KeysKept != tt.kept {
			t.Errorf("%s: %v\ngot  %+v\nwant %+v", tt.name, err, job, want)
		}
	}
}

// What is wrong is in the golden file, all faults of a request at once.
func TestRequestsThatAreRefused(t *testing.T) {
	private := "-----BEGIN PRIVATE KEY-----\naHVzaA==\n-----END PRIVATE KEY-----\n"
	store := func(change func(*wire.Store)) func(*wire.JobRequest) {
		return func(r *wire.JobRequest) { change(&r.Store) }
	}
	var page strings.Builder
	for _, tt := range []struct {
		name    string
		version cockroach.Version
		change  func(*wire.JobRequest)
	}{
		{"nothing at all", modern, func(r *wire.JobRequest) { *r = wire.JobRequest{} }},
		{"everything at once", old, func(r *wire.JobRequest) {
			*r = wire.JobRequest{Kind: "backup", Database: "system", BackupDir: "a/../b", Compress: "lzma", Method: "native", Into: "x",
				Existing: "merge", NewerDump: true, Store: wire.Store{Bucket: "s3://b/x", Dir: "a?b", Region: "us west", Endpoint: "ftp://x",
					CA: "x", IAM: true, Keys: hushKeys}}
		}},
		{"another kind", modern, func(r *wire.JobRequest) { r.Kind = "Backup" }},
		{"a restore without its folder", modern, func(r *wire.JobRequest) { r.Kind = "restore" }},
		{"a verification of what only others have", modern, func(r *wire.JobRequest) {
			r.Kind, r.BackupDir, r.Compress, r.Incremental, r.Into, r.Existing = "verify", "x", "gzip", true, "y", "drop"
		}},
		{"an incremental backup without its folder", modern, func(r *wire.JobRequest) { r.Incremental = true }},
		{"an incremental dump", old, func(r *wire.JobRequest) { r.Incremental, r.BackupDir = true, "x" }},
		{"dump, which is gone", modern, func(r *wire.JobRequest) { r.Method = "dump" }},
		{"a method that is none", modern, func(r *wire.JobRequest) { r.Kind, r.BackupDir, r.Method = "restore", "x", "fast" }},
		{"a bad name to restore into", modern, func(r *wire.JobRequest) { r.Kind, r.BackupDir, r.Into = "restore", "x", "crdb_internal" }},
		{"no keys", modern, store(func(s *wire.Store) { s.Keys = wire.Keys{} })},
		{"half a pair", modern, store(func(s *wire.Store) { s.Keys.SecretAccessKey = "" })},
		{"the other half", modern, store(func(s *wire.Store) { s.Keys = wire.Keys{SecretAccessKey: "hush"} })},
		{"only a token", modern, store(func(s *wire.Store) { s.Keys = wire.Keys{SessionToken: "hush"} })},
		{"keys that were copied badly", modern, store(func(s *wire.Store) {
			s.Keys = wire.Keys{AccessKeyID: " hush", SecretAccessKey: "hush\n", SessionToken: "hush\x00"}
		})},
		{"keys and a role", modern, store(func(s *wire.Store) { s.IAM = true })},
		{"an endpoint with keys", modern, store(func(s *wire.Store) { s.Endpoint = "https://AKIA:hush@s3.example.org" })},
		{"an endpoint with a bucket", modern, store(func(s *wire.Store) { s.Endpoint = "https://s3.example.org/my-bucket" })},
		{"an endpoint without a host", modern, store(func(s *wire.Store) { s.Endpoint = "http://:9000" })},
		{"an endpoint with port 0", modern, store(func(s *wire.Store) { s.Endpoint = "s3.example.org:0" })},
		{"an endpoint with half a port", modern, store(func(s *wire.Store) { s.Endpoint = "s3.example.org:" })},
		{"an endpoint with a large port", modern, store(func(s *wire.Store) { s.Endpoint = "http://s3.example.org:65536" })},
		{"an endpoint that is none", modern, store(func(s *wire.Store) { s.Endpoint = "a b%zz" })},
		{"a CA with a private key", modern, store(func(s *wire.Store) { s.CA = certificate(t) + private })},
		{"a CA that is broken", modern, store(func(s *wire.Store) { s.CA = "-----BEGIN CERTIFICATE-----\naHVzaA==\n-----END CERTIFICATE-----\n" })},
		{"a CA of blanks", modern, store(func(s *wire.Store) { s.CA = "\n\n" })},
		{"a CA of words", modern, store(func(s *wire.Store) { s.CA = "hush" })},
		{"a CA with something else", modern, store(func(s *wire.Store) { s.CA = "-----BEGIN HUSH-----\naHVzaA==\n-----END HUSH-----\n" })},
		{"addresses as the database has them", modern, func(r *wire.JobRequest) {
			r.Bucket, r.Dir, r.Endpoint = "s3://b/x?AWS_SECRET_ACCESS_KEY=hush", "AKIA:hush@x?hush", "http://h/?AWS_SECRET_ACCESS_KEY=hush"
		}},
		{"a bundle of everybody", modern, store(func(s *wire.Store) { s.CA = strings.Repeat(certificate(t), 200) })},
	} {
		job, keys, err := Parse(request(tt.change), tt.version, noon)
		var faults Faults
		if !errors.As(err, &faults) || !reflect.DeepEqual(job, tasks.Job{}) || keys != (wire.Keys{}) {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		fmt.Fprintf(&page, "# %s\n", tt.name)
		for _, fault := range faults {
			fmt.Fprintf(&page, "%s=%q %s\n    remedy: %s\n", fault.Field, fault.Value, fault.Message, fault.Remedy)
			if fault.Field == "" || fault.Message == "" || fault.Remedy == "" {
				t.Errorf("%s: %+v is not whole", tt.name, fault)
			}
		}
		page.WriteString("\n")
		if strings.Contains(err.Error(), "hush") {
			t.Errorf("%s: a key shows: %v", tt.name, err)
		}
	}
	if strings.Contains(page.String(), "hush") {
		t.Error("a key shows")
	}
	golden(t, "testdata/faults.golden.txt", []byte(page.String()))
}

func TestAFolderOfBackups(t *testing.T) {
	got, err := CheckStore(wire.Store{Bucket: "my-bucket", Dir: "/a/", Keys: hushKeys})
	want := wire.Store{Bucket: "my-bucket", Dir: "a", Region: "us-west-1", Keys: hushKeys}
	if err != nil || got != want {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err = CheckStore(wire.Store{Bucket: "my-bucket", IAM: true}); err != nil || got.Dir != "cockroach-backups" {
		t.Errorf("%+v, %v", got, err)
	}
	_, err = CheckStore(wire.Store{Bucket: "My", Dir: "..", Endpoint: "x://", Keys: wire.Keys{AccessKeyID: "hush"}})
	var faults Faults
	if !errors.As(err, &faults) || len(faults) != 5 || strings.Contains(err.Error(), "hush") {
		t.Errorf("%d faults: %v", len(faults), err)
	}
}

// Whatever comes in: no panic, what is taken on has no key in it, and taken on again it means the same.
func FuzzParse(f *testing.F) {
	for _, r := range []wire.JobRequest{request(nil), {Kind: "restore", Database: "b", BackupDir: "x", Store: wire.Store{Bucket: "bbb", IAM: true}},
		{Kind: "verify", Database: "b", BackupDir: "%/..", Store: wire.Store{Endpoint: "[::1]:80", CA: "-----BEGIN"}}} {
		text, err := json.Marshal(r)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Fuzz(func(t *testing.T, text string) {
		var r wire.JobRequest
		if json.Unmarshal([]byte(text), &r) != nil {
			return
		}
		if r.Keys.SecretAccessKey != "" {
			r.Keys.SecretAccessKey = "hushhush" + r.Keys.SecretAccessKey
		}
		job, keys, err := Parse(r, modern, noon)
		if err != nil {
			if strings.Contains(err.Error(), "hushhush") && !strings.Contains(text, "hushhush") {
				t.Errorf("a key shows: %v", err)
			}
			return
		}
		p := job.Params
		again, _, err := Parse(wire.JobRequest{Kind: string(job.Kind), Database: p.Database, BackupDir: p.BackupDir, Compress: p.Compress, Method: p.Method,
			Incremental: p.Incremental, Into: p.Into, Existing: p.Existing, NewerDump: p.NewerDump,
			Store: wire.Store{Bucket: p.Bucket, Dir: p.Dir, Region: p.Region, Endpoint: p.Endpoint, PathStyle: p.PathStyle, CA: p.CA, IAM: p.IAM, Keys: keys}}, modern, noon)
		if err != nil || !reflect.DeepEqual(again, job) {
			t.Errorf("%+v\nagain %+v, %v", job, again, err)
		}
		if shown := fmt.Sprintf("%+v", job); strings.Contains(shown, "hushhush") && !strings.Contains(text, "hushhush") {
			t.Errorf("a key is in the job: %s", shown)
		}
	})
}
