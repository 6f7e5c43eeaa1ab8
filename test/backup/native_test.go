package backup

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/s3"
)

// TestBackupAndRestore: the way that the service goes, on one version of each kind.
func TestBackupAndRestore(t *testing.T) {
	t.Parallel()
	store := s3.Start(t, s3.Options{})
	for _, tag := range []string{"v20.2.19", "v21.2.17", "v22.2.3", "v24.1.6", "v24.3.4", "v25.2.2"} {
		t.Run(tag, func(t *testing.T) {
			t.Parallel()
			n := start(t, tag)
			n.fill()
			bucket := store.Bucket()
			where := uri(store, bucket)
			whole := n.dump("shop")
			at := n.last("SELECT statement_timestamp()::TIMESTAMP::STRING")
			n.sql("INSERT INTO shop.t (id) VALUES (99999)")

			job := n.last("BACKUP DATABASE shop INTO '" + where + "' AS OF SYSTEM TIME '" + at + "' WITH detached")
			if status, fault := n.ends(job); status != "succeeded" {
				t.Fatalf("backup %s: %s", status, fault)
			}
			sub := n.last("SHOW BACKUPS IN '" + where + "'")
			keys := store.Objects(bucket)
			if len(keys) < 5 || !strings.Contains(strings.Join(keys, "\n"), strings.Trim(sub, "/")+"/BACKUP_MANIFEST") {
				t.Errorf("objects of backup %s: %v", sub, keys)
			}
			show := "SHOW BACKUP '" + sub + "' IN '" + where + "'"
			if tag == "v20.2.19" {
				show = "SHOW BACKUP '" + strings.Replace(where, "shop?", "shop/"+sub+"?", 1) + "'"
			}
			out := n.sql(show)
			for _, want := range []string{"shop,public,t,table,", "shop,public,v,view,", ",10000,false", "NULL,NULL,shop,database,"} {
				if !strings.Contains(out, want) {
					t.Errorf("SHOW BACKUP without %q:\n%s", want, out)
				}
			}
			if _, fault := n.try("RESTORE DATABASE shop FROM '" + sub + "' IN '" + where + "'"); !strings.Contains(fault, `database "shop" already exists`) {
				t.Errorf("restore over a database: %s", fault)
			}
			n.sql("DROP DATABASE shop CASCADE")
			job = n.last("RESTORE DATABASE shop FROM '" + sub + "' IN '" + where + "' WITH detached")
			if status, fault := n.ends(job); status != "succeeded" {
				t.Fatalf("restore %s: %s", status, fault)
			}
			if got := n.dump("shop"); got != whole {
				t.Errorf("the restored database differs:\n%.2000s\nwant\n%.2000s", got, whole)
			}
			n.sql("INSERT INTO shop.t (id) VALUES (99999)")
			renamed, fault := n.try("RESTORE DATABASE shop FROM '" + sub + "' IN '" + where + "' WITH new_db_name = 'other'")
			if early := tag < "v22.1"; early != (fault != "") {
				t.Errorf("new_db_name: %s %s", renamed, fault)
			} else if !early && n.last("SELECT count(*) FROM other.v") != "10000" {
				t.Error("a view of the renamed database does not read its own table")
			}
			n.secret(store)
		})
	}
}

// secret looks for the keys wherever a node leaves something.
func (n *node) secret(s *s3.Server) {
	n.t.Helper()
	texts := n.sql("SELECT * FROM [SHOW JOBS]")
	filepath.WalkDir(filepath.Dir(n.logs), func(path string, d os.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			b, _ := os.ReadFile(path)
			texts += string(b)
		}
		return nil
	})
	if strings.Contains(texts, s.SecretKey) || strings.Contains(texts, s.AccessKey) {
		n.t.Error("a key is in the jobs, the store or the logs")
	}
}

// TestRefusals: what a URI or a version does not allow, without a key in the answer.
func TestRefusals(t *testing.T) {
	t.Parallel()
	store := s3.Start(t, s3.Options{})
	n := start(t, "v22.2.3")
	n.fill()
	where := uri(store, store.Bucket())
	for _, c := range []struct{ text, want string }{
		{"BACKUP DATABASE shop INTO '" + where + "&FOO=1'", "unknown S3 query parameters: FOO"},
		{"BACKUP DATABASE shop INTO '" + where + "&AWS_USE_PATH_STYLE=true'", "unknown S3 query parameters: AWS_USE_PATH_STYLE"},
		{"BACKUP DATABASE shop INTO 's3://b/x?AWS_ACCESS_KEY_ID=a'", "AUTH is set to 'specified', but AWS_SECRET_ACCESS_KEY is not set"},
		{"BACKUP DATABASE nosuch INTO '" + where + "'", `database "nosuch" does not exist`},
		{"BACKUP DATABASE shop INTO LATEST IN '" + where + "'", "use of BACKUP with incremental requires an enterprise license"},
		{"BACKUP DATABASE shop INTO '" + where + "' AS OF SYSTEM TIME '2100-01-01'", "cannot specify timestamp in the future"},
		{"BACKUP DATABASE shop INTO '" + strings.Replace(where, store.SecretKey, "wrong", 1) + "'", "SignatureDoesNotMatch"},
		{"BACKUP DATABASE shop INTO '" + strings.Replace(where, "s3://", "s3://nosuch-", 1) + "'", "NoSuchBucket"},
		{"RESTORE DATABASE shop FROM LATEST IN '" + where + "'", "path does not contain a completed latest backup"},
		{"RESTORE DATABASE shop FROM '2020/01/01-000000.00' IN '" + where + "'", "does not exist"},
		{"BACKUP DATABASE shop INTO '" + where + "' SOON", "syntax error"},
		{"CANCEL JOB 5", "job with ID 5 does not exist"},
	} {
		out, fault := n.try(c.text)
		if !strings.Contains(fault, c.want) {
			t.Errorf("%q is answered\n%s%s", c.text, out, fault)
		}
		if strings.Contains(fault, store.SecretKey) || strings.Contains(fault, store.AccessKey) {
			t.Errorf("a key is in the answer to %q", c.text)
		}
	}
}

// TestCancelLeavesNothing: a job goes on without its session, moves with the data,
// and leaves no backup when it is canceled.
func TestCancelLeavesNothing(t *testing.T) {
	t.Parallel()
	store := s3.Start(t, s3.Options{})
	n := start(t, "v22.2.3", "STANDIN_BULK_RATE=500000")
	n.fill()
	bucket := store.Bucket()
	where := uri(store, bucket)
	job := n.last("BACKUP DATABASE shop INTO '" + where + "' WITH detached")
	n.until("the job moves", func() bool {
		f := n.last("SELECT fraction_completed FROM [SHOW JOBS] WHERE job_id = " + job)
		return strings.HasPrefix(f, "0.") && f != "0.99"
	})
	if out := n.sql("CANCEL JOB " + job); out != "CANCEL JOBS 1\n" {
		t.Errorf("CANCEL JOB: %q", out)
	}
	if status, _ := n.ends(job); status != "canceled" {
		t.Fatalf("the job is %s", status)
	}
	if keys := store.Objects(bucket); len(keys) > 0 {
		t.Errorf("left over: %v", keys)
	}
	if _, fault := n.try("CANCEL JOB " + job); !strings.Contains(fault, "cannot be requested to be canceled") {
		t.Errorf("a second CANCEL: %s", fault)
	}
}

// TestDamageIsFound: check_files and RESTORE compare what is there.
func TestDamageIsFound(t *testing.T) {
	t.Parallel()
	store := s3.Start(t, s3.Options{})
	n := start(t, "v22.2.3")
	n.fill()
	bucket := store.Bucket()
	where := uri(store, bucket)
	n.sql("BACKUP DATABASE shop INTO '" + where + "'")
	n.sql("SHOW BACKUP LATEST IN '" + where + "' WITH check_files")
	for _, key := range store.Objects(bucket) {
		if strings.HasSuffix(key, "/data/1.sst") {
			store.Put(bucket, key, []byte("short"))
		}
	}
	if _, fault := n.try("SHOW BACKUP LATEST IN '" + where + "' WITH check_files"); !strings.Contains(fault, "missing from the backup") {
		t.Errorf("check_files: %s", fault)
	}
	n.sql("DROP DATABASE shop CASCADE")
	if _, fault := n.try("RESTORE DATABASE shop FROM LATEST IN '" + where + "'"); !strings.Contains(fault, "checksum mismatch") {
		t.Errorf("restore of damage: %s", fault)
	}
	if out := n.sql("SHOW DATABASES"); strings.Contains(out, "shop") {
		t.Error("a failed RESTORE left its database")
	}
}
