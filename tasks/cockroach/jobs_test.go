package cockroach

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestNoKeyIsPrinted(t *testing.T) {
	u := keys
	u.SessionToken = "to ken="
	encoded, err := json.Marshal(BackupSpec{Database: "shop", Target: u})
	if err != nil {
		t.Fatal(err)
	}
	refused := u
	refused.PathStyle = true
	_, refusal := BackupStatement(must("v20.2.0"), BackupSpec{Database: "shop", Target: refused})
	if refusal == nil {
		t.Fatal("path style at AWS itself was taken by v20.2")
	}
	spec := RestoreSpec{Database: "shop", Source: u}
	text, err := u.Text(must("v22.1.0"))
	if err != nil {
		t.Fatal(err)
	}
	for name, printed := range map[string]string{
		"String": u.String(), "%v": fmt.Sprintf("%v %v", u, &u), "%+v": fmt.Sprintf("%+v", spec), "%#v": fmt.Sprintf("%#v", spec), "%q": fmt.Sprintf("%q", u),
		"json": string(encoded), "error": refusal.Error(), "wrapped": fmt.Errorf("x %v: %w", u, refusal).Error(),
	} {
		for _, secret := range []string{u.SecretKey, u.SessionToken, u.AccessKey, "se+cr", "se%2Bcr", "to%20ken", "AKID"} {
			if strings.Contains(printed, secret) {
				t.Errorf("%s prints %q: %s", name, secret, printed)
			}
		}
		if !strings.Contains(printed, "redacted") && refusal.Error() != printed {
			t.Errorf("%s does not say that something is left out: %s", name, printed)
		}
	}
	parsed, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	if got := parsed.Query().Get("AWS_SECRET_ACCESS_KEY"); got != u.SecretKey {
		t.Errorf("the secret key arrives as %q", got)
	}
	if got := parsed.Query().Get("AWS_SESSION_TOKEN"); got != u.SessionToken {
		t.Errorf("the token arrives as %q", got)
	}
	if parsed.Path != "/"+u.Path || parsed.Host != u.Bucket {
		t.Errorf("the address is %s", u)
	}
}

func TestWhatAnAddressNeeds(t *testing.T) {
	tests := []struct {
		uri     S3URI
		version string
		says    string
	}{
		{S3URI{Bucket: "b"}, "v22.1.0", "needs both"},
		{S3URI{Bucket: "b", AccessKey: "x"}, "v22.1.0", "needs both"},
		{S3URI{Bucket: "b", Implicit: true}, "v19.1.0", "instance role"},
		{S3URI{Bucket: "b", Implicit: true}, "v19.2.0", ""},
		{S3URI{Bucket: "b", AccessKey: "x", SecretKey: "y", SessionToken: "z"}, "v2.1.3", "session token"},
		{S3URI{Bucket: "b", AccessKey: "x", SecretKey: "y", SessionToken: "z"}, "v2.1.4", ""},
		{S3URI{Bucket: "b", AccessKey: "x", SecretKey: "y", PathStyle: true}, "v24.3.2", "path style"},
		{S3URI{Bucket: "b", AccessKey: "x", SecretKey: "y", PathStyle: true}, "v24.3.3", ""},
		{S3URI{Bucket: "b", AccessKey: "x", SecretKey: "y", PathStyle: true, Endpoint: "http://h"}, "v20.2.0", ""},
	}
	for _, test := range tests {
		_, err := test.uri.Text(must(test.version))
		if (err == nil) != (test.says == "") || err != nil && !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s of %s: %v", test.uri, test.version, err)
		}
	}
}

func TestQuoting(t *testing.T) {
	for text, want := range map[string]string{
		"a": `'a'`, "it's": `'it''s'`, `a\b'`: `e'a\\b\''`, "a\n\\! x": `e'a\n\\! x'`, "\r\x00": `e'\r\x00'`, "日": `'日'`, "": `''`,
	} {
		if got := QuoteText(text); got != want || strings.Contains(got, "\n") {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
	if got := QuoteName(`a"b.c`); got != `"a""b.c"` {
		t.Error(got)
	}
}

func TestAnswers(t *testing.T) {
	// What a real v20.1.5 printed.
	rows, err := ReadCSV("SET\na b,n,t,e,q,c\n1,NULL,NULL,,\"x\"\"y\nz\",\",\"\n", 1)
	want := Rows{Columns: []string{"a b", "n", "t", "e", "q", "c"}, Rows: [][]string{{"1", "NULL", "NULL", "", "x\"y\nz", ","}}}
	if err != nil || !reflect.DeepEqual(rows, want) {
		t.Errorf("%+v, %v", rows, err)
	}
	version, err := ReadServerVersion("version\n\"CockroachDB CCL v20.1.5 (x86_64-linux-gnu, built 2026/11/22 10:39:06, go1.21.13)\"\n", 0)
	if err != nil || version != must("v20.1.5") {
		t.Errorf("%s, %v", version, err)
	}
	for _, text := range []string{"2026-11-22 14:11:58.219241+00:00", "2026-11-22 14:11:58.219241", "2026-11-22 16:11:58.219241+02:00", "2026-11-22T14:11:58.219241Z"} {
		at, err := ReadSnapshot("snapshot\n"+text+"\n", 0)
		if err != nil || SnapshotText(at) != "2026-11-22 14:11:58.219241" {
			t.Errorf("%s: %s, %v", text, at, err)
		}
	}
	if n, err := ReadCount("n\n12\n", 0); n != 12 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	if user, err := ReadUser("username\nroot\n", 0); user != "root" || err != nil {
		t.Errorf("%s, %v", user, err)
	}
	if id, err := ReadJobID("job_id\n1229738199966056449\n", 0); id != 1229738199966056449 || err != nil {
		t.Errorf("%d, %v", id, err)
	}
	if names, err := ReadSubfolders("path\n/2026/11/22-140501.12\n", 0); err != nil || !reflect.DeepEqual(names, []string{"2026/11/22-140501.12"}) {
		t.Errorf("%q, %v", names, err)
	}
	tables, err := ReadTables("s,n,k\npublic,\"Weird.Na\"\"me\",BASE TABLE\npublic,v1,VIEW\npublic,s1,BASE TABLE\n", "s,n,k\npublic,s1,SEQUENCE\n", 0)
	wantTables := []TableInfo{{"public", `Weird.Na"me`, TableBase}, {"public", "s1", TableSequence}, {"public", "v1", TableView}}
	if err != nil || !reflect.DeepEqual(tables, wantTables) {
		t.Errorf("%+v, %v", tables, err)
	}
	bulk, err := ReadBulkJobs("job_id,description,status,began\n7,\"BACKUP DATABASE shop INTO '/2026/11/22-140501.12' IN 's3://b/x?k=redacted'\",running,2026-11-22 14:05:02.5\n8,RESTORE,failed,NULL\n", 0)
	if err != nil || len(bulk) != 2 || bulk[0].ID != 7 || bulk[0].Over() || bulk[0].Subfolder() != "2026/11/22-140501.12" || SnapshotText(bulk[0].Created) != "2026-11-22 14:05:02.500000" ||
		!bulk[1].Over() || bulk[1].Subfolder() != "" || !bulk[1].Created.IsZero() {
		t.Errorf("%+v, %v", bulk, err)
	}
	if got := SubfolderAt(snapshot); got != "2026/11/22-140501.12" {
		t.Error(got)
	}
	if id, err := ReadCluster("id\n845c6f31-0282-4a37-80f1-cb53a186a213\n", 0); id != "845c6f31-0282-4a37-80f1-cb53a186a213" || err != nil {
		t.Errorf("%q, %v", id, err)
	}
}

func TestAnswersThatAreNone(t *testing.T) {
	_, err := ReadCSV("", 0)
	errs := map[string]error{"empty": err}
	_, errs["tags"] = ReadCSV("SET", 1)
	_, errs["quotes"] = ReadCSV("a\n\"x\n", 0)
	_, errs["version"] = ReadServerVersion("version\nPostgreSQL 13\n", 0)
	_, errs["time"] = ReadSnapshot("snapshot\nnow\n", 0)
	_, errs["rows"] = ReadCount("n\n1\n2\n", 0)
	_, errs["no row"] = ReadCount("n\n", 0)
	_, errs["number"] = ReadCount("n\nx\n", 0)
	_, errs["id"] = ReadJobID("job_id\nNULL\n", 0)
	_, errs["column"] = ReadSubfolders("x\n1\n", 0)
	_, _, errs["job"] = ReadJob("job_id\n1\n", 0)
	_, _, errs["fraction"] = ReadJob("job_id,status,fraction_completed,error\n1,running,x,\n", 0)
	_, errs["jobs"] = ReadBulkJobs("job_id,description,status,began\nx,,,\n", 0)
	_, errs["tables"] = ReadTables("s,n,k\n", "", 0)
	_, _, errs["inspect"] = ReadInspect("n,c0\n1,2\n", 0, TableInfo{Name: "t"}, nil)
	_, errs["bytes"] = ReadContents("database_name,parent_schema_name,object_name,object_type,ended,size_bytes,rows\nshop,public,t,table,NULL,x,1\n", 0, "shop")
	for name, err := range errs {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestDatabaseJobs(t *testing.T) {
	tests := []struct {
		row             string
		over, succeeded bool
		fraction        float64
		message         string
	}{
		{"5,running,0.25,", false, false, 0.25, ""},
		{"5,pending,NULL,NULL", false, false, 0, ""},
		{"5,succeeded,1,", true, true, 1, ""},
		{"5,failed,0.5,\"no such bucket, sorry\"", true, false, 0.5, "no such bucket, sorry"},
		{"5,canceled,NULL,job canceled", true, false, 0, "job canceled"},
		{"5,cancel-requested,0.1,", false, false, 0.1, ""},
		{"5,reverting,0.1,x", false, false, 0.1, "x"},
	}
	for _, test := range tests {
		job, found, err := ReadJob("job_id,status,fraction_completed,error\n"+test.row+"\n", 0)
		if err != nil || !found || job.Over() != test.over || job.Succeeded() != test.succeeded || job.Fraction != test.fraction || job.Error != test.message {
			t.Errorf("%s: %+v %v %v", test.row, job, found, err)
		}
	}
	if _, found, err := ReadJob("job_id,status,fraction_completed,error\n", 0); found || err != nil {
		t.Errorf("an unknown job: %v, %v", found, err)
	}
}

func TestContentsOfABackup(t *testing.T) {
	answer := `database_name,parent_schema_name,object_name,object_type,ended,size_bytes,rows
NULL,NULL,shop,database,2026-11-22 14:05:01.123456,NULL,NULL
shop,public,orders,table,2026-11-22 14:05:01.123456,100,10
shop,audit,log,table,2026-11-22 14:05:01.123456,50,5
shop,public,v,view,2026-11-22 14:05:01.123456,0,0
other,public,x,table,2026-11-22 14:05:01.123456,1,1
shop,public,orders,table,2026-11-22 15:05:01.123456,7,2
shop,public,orders,table,2026-11-22 13:05:01.123456,0,0
`
	got, err := ReadContents(answer, 0, "shop")
	end := time.Date(2026, time.November, 22, 14, 5, 1, 123456000, time.UTC)
	want := []Content{{"public", "orders", "table", 12, 107, end.Add(time.Hour)}, {"audit", "log", "table", 5, 50, end}, {"public", "v", "view", 0, 0, end}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestSuspects(t *testing.T) {
	table := TableInfo{"public", "t", TableBase}
	// Recorded from a real v20.1.5: a table with a view on it.
	suspects, err := ReadSuspects("s,n,c,k\npublic,t,b,bit\npublic,t,d,date\npublic,t,z,time with time zone\npublic,vw,b,bit\n", 0, []TableInfo{table, {"public", "vw", TableView}})
	if err != nil || len(suspects) != 3 {
		t.Fatalf("%+v, %v", suspects, err)
	}
	rows, guilty, err := ReadInspect("n,c0,c1,c2\n9,0,2,1\n", 0, table, suspects)
	if err != nil || rows != 9 || len(guilty) != 2 || guilty[0].Column != "d" || guilty[0].Values != 2 {
		t.Fatalf("%d %+v, %v", rows, guilty, err)
	}
	for i, says := range []string{"2 values that `cockroach dump` cannot write: replace infinity", "1 value that `cockroach dump` writes as 00:00"} {
		if got := guilty[i].Problem(); !strings.Contains(got, says) {
			t.Errorf("%s", got)
		}
	}
}

func TestRefusalsNameVersionAndRemedy(t *testing.T) {
	_, backup := BackupStatement(must("v20.1.5"), BackupSpec{Database: "shop", Target: keys})
	_, restore := RestoreStatement(must("v20.1.5"), RestoreSpec{Database: "shop", Source: keys})
	_, latest := RestoreStatement(must("v20.2.5"), RestoreSpec{Database: "shop", Source: keys})
	_, name := RestoreStatement(must("v21.2.5"), RestoreSpec{Database: "shop", As: "x", Source: keys})
	for says, err := range map[string]error{"v20.1.5": errors.Join(backup, restore), "v20.2: use the method dump": backup, "into v20.2 or later": restore, "from v21.1 on": latest, "from v22.1 on": name} {
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v does not say %q", err, says)
		}
	}
}
