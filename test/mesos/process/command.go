package process

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	mesos "github.com/mesos/mesos-go/api/v1/lib"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/process/guard"
)

// guardCommand turns a CommandInfo into what runs in the task's sandbox: a line for /bin/sh, or a program whose
// arguments are given whole, argument zero first (CommandInfo.arguments in mesos.proto).
func (t *task) guardCommand(command *mesos.CommandInfo, extra *mesos.Environment) (guard.Command, error) {
	if command.GetValue() == "" {
		return guard.Command{}, errors.New("the command has no value: there is nothing to run")
	}
	env, err := t.environment(extra)
	if err != nil {
		return guard.Command{}, err
	}
	made := guard.Command{Env: env, Dir: t.sandbox}
	if command.GetShell() {
		made.Path, made.Args = "/bin/sh", []string{"sh", "-c", command.GetValue()}
		return made, nil
	}
	made.Args = command.Arguments
	if len(made.Args) == 0 {
		made.Args = []string{command.GetValue()}
	}
	made.Path, err = lookPath(command.GetValue(), env)
	return made, err
}

// lookPath finds a bare name on the PATH of the command's own environment, as execvpe(3) would.
func lookPath(name string, env []string) (string, error) {
	if strings.Contains(name, "/") {
		return name, nil
	}
	for _, variable := range env {
		path, found := strings.CutPrefix(variable, "PATH=")
		if !found {
			continue
		}
		for _, dir := range filepath.SplitList(path) {
			file := filepath.Join(dir, name)
			if info, err := os.Stat(file); err == nil && !info.IsDir() && info.Mode()&0o111 != 0 {
				return file, nil
			}
		}
	}
	return "", fmt.Errorf("find %q on the task's PATH: no such program", name)
}
