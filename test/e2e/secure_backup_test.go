package e2e

import (
	"strings"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/s3"
)

// TestABackupOfASecureCluster, by dump and by the database itself: the job makes a key of its own, and is let in with it.
func TestABackupOfASecureCluster(t *testing.T) {
	t.Parallel()
	for method, release := range map[string]func(*testing.T) []string{
		"dump":   func(t *testing.T) []string { return older(t) },
		"native": func(*testing.T) []string { return nil },
	} {
		t.Run(method, func(t *testing.T) {
			t.Parallel()
			store := s3.Start(t, s3.Options{})
			m := machines(t, 2)
			settings := append([]string{oneNode, helperFromFile(), "DATABASE_PROBES=off", "BACKUP_CPUS=0.1"}, release(t)...)
			v := &vault{service: secured(t, m, settings...), m: m, store: store, bucket: store.Bucket()}
			deployed(t, m, v.service)
			root, ip := v.credentials(t, "root"), v.node(t)
			run := func(statements string) string {
				t.Helper()
				got := sqlAs(t, root, "root", ip, statements)
				if got.code != 0 {
					t.Fatalf("%s: exit code %d\n%s", statements, got.code, got.stderr)
				}
				return got.stdout
			}
			run("CREATE DATABASE bank; CREATE TABLE bank.accounts (id INT PRIMARY KEY, owner STRING); INSERT INTO bank.accounts VALUES (1, 'ann'), (2, 'bob')")
			for _, args := range [][]string{
				{"backup", "bank", v.bucket, "--s3-backup-dir", "first"},
				{"backup", "verify", v.bucket, "first"},
				{"restore", "bank", v.bucket, "first"},
			} {
				if args[0] == "restore" {
					run("DROP DATABASE bank CASCADE")
				}
				if got := v.job(t, args...); got.code != 0 {
					t.Fatalf("%v: exit code %d\n%s%s", args, got.code, got.stdout, got.stderr)
				}
			}
			if rows := run("SELECT owner FROM bank.accounts ORDER BY id"); !strings.Contains(rows, "ann\nbob") {
				t.Errorf("rows after the restore:\n%s", rows)
			}
			nothingSecret(t, m, v.service)
		})
	}
}
