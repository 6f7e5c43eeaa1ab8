package backup

import (
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/s3"
)

// megabytes is the size of the dump; `make backup-large` makes it a thousand.
var megabytes = flag.Int("megabytes", 20, "size of the dump in TestALargeDatabaseComesBackByteForByte")

// dumped is what the database's own dump is, without this service: its sum and its length in bytes.
func (n *node) dumped(database string) (sum string, bytes int64) {
	n.t.Helper()
	cmd := exec.CommandContext(n.t.Context(), program(n.t, n.tag), "dump", database, "--insecure", "--host="+n.addr)
	cmd.Env, cmd.Stderr = []string{"HOME=" + os.TempDir()}, os.Stderr
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		n.t.Fatal(err)
	}
	all := sha256.New()
	if bytes, err = io.Copy(all, out); err == nil {
		err = cmd.Wait()
	}
	if err != nil {
		n.t.Fatalf("dump %s: %v", database, err)
	}
	return hex.EncodeToString(all.Sum(nil)), bytes
}

// TestALargeDatabaseComesBackByteForByte: what is restored dumps as what was backed up, in bounded memory however large it is.
func TestALargeDatabaseComesBackByteForByte(t *testing.T) {
	const perRow, perInsert = 335, 300_000
	s := newService(t, "v20.1.5", s3.Options{})
	s.db.sql("CREATE DATABASE shop", "CREATE TABLE shop.t (id INT PRIMARY KEY, s STRING)")
	rows := *megabytes * 1_000_000 / perRow
	for from := 1; from <= rows; from += perInsert {
		s.db.sql(fmt.Sprintf("INSERT INTO shop.t SELECT i, repeat(md5(i::STRING), 10) FROM generate_series(%d, %d) AS g(i)", from, min(rows, from+perInsert-1)))
	}
	sum, bytes := s.db.dumped("shop")
	began := time.Now()
	r := s.good(s.run(tasks.JobBackup, s.params()))
	t.Logf("backup of %d MB in %s, %d MB stored, the helper took %d MB", bytes/1_000_000, time.Since(began).Round(time.Second), r.Stored/1_000_000, s.desk.memory>>10)
	if r.Rows != int64(rows) || r.Bytes != bytes {
		t.Errorf("%d rows and %d bytes, want %d and %d", r.Rows, r.Bytes, rows, bytes)
	}
	params := s.params()
	params.Into = "copy"
	began = time.Now()
	s.good(s.run(tasks.JobRestore, params))
	t.Logf("restored in %s, the helper took %d MB", time.Since(began).Round(time.Second), s.desk.memory>>10)
	if copied, size := s.db.dumped("copy"); copied != sum || size != bytes {
		t.Errorf("the copy dumps as %d bytes with the sum %s, and the database as %d with %s", size, copied, bytes, sum)
	}
}
