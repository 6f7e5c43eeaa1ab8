package universe

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// Program is one program for one platform.
type Program struct {
	// Command is its folder below cmd.
	Command string
	OS      string
	Arch    string
	// File is its name in the folder files: the program itself, or for a plug-in the zip that holds it.
	File string
}

// plugin says that the program is packed as a plug-in of dcos.
func (p Program) plugin() bool { return p.Command == pluginCommand }

const pluginCommand = "dcos-cockroachdb"

// schedulerFile is the name by which agents fetch and start the scheduler, see package/marathon.json.mustache. Under any
// name but cockroachdb-node it is the scheduler; tasks fetch it from there under that name, so there is no second program.
func schedulerFile(arch string) string { return "cockroachdb-scheduler-linux-" + arch }

// Programs are all that is built. DC/OS knows x86-64 only; the others are for `dcos plugin add` and for Mesos without DC/OS.
func Programs() []Program {
	list := []Program{}
	for _, arch := range []string{"amd64", "arm64"} {
		list = append(list, Program{"cockroachdb-scheduler", "linux", arch, schedulerFile(arch)})
	}
	for _, platform := range [][2]string{{"darwin", "amd64"}, {"darwin", "arm64"}, {"linux", "amd64"}, {"linux", "arm64"}, {"windows", "amd64"}} {
		list = append(list, Program{pluginCommand, platform[0], platform[1], pluginCommand + "-" + platform[0] + "-" + platform[1] + ".zip"})
	}
	return list
}

// programs compiles all of them into a folder.
func (b Build) programs(ctx context.Context, files string) error {
	compile := b.Compile
	if compile == nil {
		compile = Compile
	}
	temporary, err := os.MkdirTemp("", "universe-")
	if err != nil {
		return fmt.Errorf("make a folder for programs: %w", err)
	}
	defer os.RemoveAll(temporary)
	for _, program := range Programs() {
		to := filepath.Join(files, program.File)
		if program.plugin() {
			to = filepath.Join(temporary, program.File)
		}
		if err := compile(ctx, b.Root, b.Release, program, to); err != nil {
			return err
		}
		if program.plugin() {
			if err := b.pack(program, to, filepath.Join(files, program.File)); err != nil {
				return fmt.Errorf("pack %s: %w", program.File, err)
			}
		}
	}
	return nil
}

// Compile runs the Go compiler so that nothing of this machine, of the time or of the user's environment gets into the
// program.
func Compile(ctx context.Context, root, release string, program Program, to string) error {
	target, err := filepath.Abs(to)
	if err != nil {
		return fmt.Errorf("compile %s: %w", program.File, err)
	}
	command := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w -buildid= -X main.version="+release,
		"-o", target, "./cmd/"+program.Command)
	command.Dir = root
	command.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=", "GOEXPERIMENT=", "GOWORK=off", "GOAMD64=v1", "GOARM64=v8.0",
		"GOOS="+program.OS, "GOARCH="+program.Arch)
	if out, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("compile %s: %w\n%s", program.File, err, out)
	}
	return nil
}
