package node

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

func TestCheckVolume(t *testing.T) {
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	executor := filepath.Join(root, "slaves/S/frameworks/F/executors/E/runs/R")
	sandbox := filepath.Join(executor, "containers/C")
	volume := filepath.Join(root, "volumes/roles/r/V")
	plain := filepath.Join(root, "sandboxes/a")
	for _, dir := range []string{sandbox + "/plain", executor + "/data", volume, sandbox + "/mounted", plain + "/containers/C", plain + "/data"} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for link, target := range map[string]string{
		sandbox + "/direct": volume, executor + "/through": volume, sandbox + "/nested": executor + "/through", sandbox + "/to-executor": executor + "/data",
		sandbox + "/to-root": executor, sandbox + "/dangling": "/no/such/place", sandbox + "/to-mount": executor + "/mounted-above", plain + "/containers/C/data": plain + "/data", plain + "/containers/C/out": volume,
	} {
		if err := os.Symlink(target, link); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(executor+"/mounted-above", 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(sandbox+"/file", nil, 0o644); err != nil {
		t.Fatal(err)
	}
	mounts := []mount{
		{"/", "/"}, {"/volumes/roles/r/V", sandbox + "/mounted"}, {"/", executor + "/mounted-above"},
	}
	for _, c := range []struct {
		dir, store string
		mounts     []mount
		want, says string
	}{
		{sandbox, "mounted", mounts, sandbox + "/mounted", ""},
		{sandbox, "direct", mounts, volume, ""},
		{sandbox, "nested", mounts, volume, ""},
		{sandbox, "to-mount", mounts, executor + "/mounted-above", ""},
		{plain + "/containers/C", "out", mounts, volume, ""},
		{sandbox, "mounted", mounts[:1], "", "plain folder"},
		{sandbox, "mounted", append(mounts[:2:2], mount{"/lib/mesos/slaves/S/frameworks/F/executors/E/runs/R/data", sandbox + "/mounted"}), "", "mounted from a sandbox"},
		{sandbox, "plain", mounts, "", "plain folder"},
		{sandbox, "to-executor", mounts, "", "folder of the executor's sandbox"},
		{plain + "/containers/C", "data", mounts, "", "folder of the executor's sandbox"},
		{sandbox, "to-root", mounts, "", "folder of the executor's sandbox"},
		{sandbox, "dangling", mounts, "", "leads nowhere"},
		{sandbox, "absent", mounts, "", "nothing of that name"},
		{sandbox, "file", mounts, "", "is not a folder"},
	} {
		got, err := checkVolume(c.dir, c.store, c.mounts)
		var fault *Fault
		if c.says == "" {
			if got != c.want || err != nil {
				t.Errorf("%s: %q, %v; want %q", c.store, got, err, c.want)
			}
			continue
		}
		if !errors.As(err, &fault) || fault.Code != tasks.ExitVolume || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), "filesystem/linux") {
			t.Errorf("%s: %q, %v; want an error with %q and the isolators", c.store, got, err, c.says)
		}
	}
}

func TestReadMounts(t *testing.T) {
	path := filepath.Join(t.TempDir(), "mountinfo")
	text := "22 27 0:21 / /proc rw,relatime - proc proc rw\n" +
		"40 27 254:0 /volumes/roles/r/V /var/lib/mesos/a\\040b/data rw shared:1 - ext4 /dev/vda rw\nshort\n"
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	got, err := readMounts(path)
	want := []mount{{"/", "/proc"}, {"/volumes/roles/r/V", "/var/lib/mesos/a b/data"}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, %v", got, err)
	}
	if _, err := readMounts(path + "x"); err == nil {
		t.Error("no error for a missing file")
	}
}
