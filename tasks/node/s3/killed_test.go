package s3

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	store "github.com/dcos-cockroachdb/dcos-cockroachdb/test/s3"
)

// inChild names the variable that makes TestUploadUntilKilled the process that is killed.
const inChild = "S3_TEST_CHILD"

// TestUploadUntilKilled uploads until somebody kills it. Alone it does nothing.
func TestUploadUntilKilled(t *testing.T) {
	text, ok := os.LookupEnv(inChild)
	if !ok {
		return // it is only a process for TestWhatAKilledProcessLeavesIsCleaned
	}
	field := strings.Fields(text)
	c, err := New(Options{Region: field[0], Endpoint: field[1], Keys: Keys{AccessKeyID: field[2], SecretAccessKey: field[3]}})
	if err != nil {
		t.Fatal(err)
	}
	u, err := c.Upload(t.Context(), field[4], "folder/k", nil, func(stored int64) { fmt.Println("stored", stored) })
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := u.Write(content(mib)); err != nil {
			t.Fatal(err)
		}
	}
}

func TestWhatAKilledProcessLeavesIsCleaned(t *testing.T) {
	s := store.Start(t, store.Options{})
	c, bucket := connect(t, s, nil)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	child := exec.Command(self, "-test.run", "^TestUploadUntilKilled$", "-test.count=1")
	child.Env = append(os.Environ(), inChild+"="+strings.Join([]string{s.Region, s.Endpoint, s.AccessKey, s.SecretKey, bucket}, " "))
	output, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(output).ReadString('\n'); !strings.HasPrefix(line, "stored ") {
		t.Errorf("the child says %q: %v", line, err)
	}
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait() // killed
	if o, u := s.Objects(bucket), s.Uploads(bucket); len(o) != 0 || len(u) != 1 {
		t.Errorf("after the kill: objects %v, uploads %v", o, u)
	}
	if n, err := c.AbortStale(soon(t), bucket, "folder/k"); n != 1 || err != nil {
		t.Errorf("aborted %d: %v", n, err)
	}
	if u := s.Uploads(bucket); len(u) != 0 {
		t.Errorf("left: %v", u)
	}
}
