package node

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

const volumeRemedy = "The database is not started, because its data would be deleted with the sandbox. " +
	"Start the Mesos agent with the isolators volume/sandbox_path and filesystem/linux (or filesystem/posix), and check that the task has its persistent volume"

// checkVolume finds out whether a persistent volume is really mounted at store in the sandbox dir, and returns its true path.
//
// Mesos gives tasks of a group their volume in two shapes: a mount point (isolator filesystem/linux) or a symbolic link that
// ends, over the executor's sandbox, in the agent's volume folder (filesystem/posix). Without the isolator
// volume/sandbox_path there is neither, and no error either: a task that made the folder itself would lose its data.
// Source: Mesos' volume/sandbox_path isolator and default executor; observed in Mesos 1.12.
func checkVolume(dir, store string, mounts []mount) (string, error) {
	at := filepath.Join(dir, store)
	fault := func(problem string, err error) (string, error) {
		return "", &Fault{Code: tasks.ExitVolume, Problem: problem, Err: err, Remedy: volumeRemedy}
	}
	info, err := os.Lstat(at)
	if errors.Is(err, fs.ErrNotExist) {
		return fault(fmt.Sprintf("no persistent volume at %s: there is nothing of that name in the sandbox", store), nil)
	}
	if err != nil {
		return fault("cannot look at the persistent volume", err)
	}
	real, err := filepath.EvalSymlinks(at)
	if err != nil {
		return fault(fmt.Sprintf("the link %s to the persistent volume leads nowhere", store), err)
	}
	if target, err := os.Stat(real); err != nil || !target.IsDir() {
		return fault(fmt.Sprintf("%s is not a folder", real), err)
	}
	if m, found := mountAt(mounts, real); found {
		if insideSandbox.MatchString(m.root + "/") {
			return fault(fmt.Sprintf("%s is mounted from a sandbox (%s) and not from a persistent volume", store, m.root), nil)
		}
		return real, nil
	}
	if info.Mode()&fs.ModeSymlink == 0 {
		return fault(fmt.Sprintf("%s is a plain folder of the sandbox and no persistent volume is mounted there", store), nil)
	}
	own, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return fault("cannot resolve the sandbox", err)
	}
	if root := sandboxRoot(own); real == root || strings.HasPrefix(real, root+"/") {
		return fault(fmt.Sprintf("the link %s leads to %s, which is a folder of the executor's sandbox and no persistent volume", store, real), nil)
	}
	return real, nil
}

// insideSandbox matches paths below an executor's sandbox: …/executors/<id>/runs/<container>/…
var insideSandbox = regexp.MustCompile(`/executors/[^/]+/runs/[^/]+/`)

// nestedSandbox is what Mesos puts behind a sandbox for each nested container.
var nestedSandbox = regexp.MustCompile(`/containers/[^/]+$`)

// sandboxRoot is the outermost folder that goes away with the executor of the task whose sandbox is dir: the executor's
// run where the path shows one, else dir without the parts that nest containers.
func sandboxRoot(dir string) string {
	if span := insideSandbox.FindStringIndex(dir + "/"); span != nil {
		return (dir + "/")[:span[1]-1]
	}
	for nestedSandbox.MatchString(dir) {
		dir = nestedSandbox.ReplaceAllString(dir, "")
	}
	return dir
}
