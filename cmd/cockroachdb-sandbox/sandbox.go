package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/httpshell"
)

// standIn is the archive that `make stand-in` packs by default.
const standIn = "cockroach-v24.1.6.linux-amd64.tgz"

// sandbox is a running demo.
type sandbox struct {
	options
	cluster   *httpshell.Cluster
	scheduler *exec.Cmd
	log       *os.File
	cli       string
	binary    string
	temporary bool
	port      int
	ended     chan error
}

// prepare finds what is needed and makes the folder; nothing runs yet.
func prepare(opt options) (*sandbox, error) {
	box := &sandbox{options: opt, ended: make(chan error, 1)}
	var errs []error
	find := func(name string, path *string) {
		found, err := beside(name)
		errs = append(errs, err)
		*path = found
	}
	find("cockroachdb-scheduler", &box.binary)
	find("dcos-cockroachdb", &box.cli)
	if box.archive == "" {
		find(standIn, &box.archive)
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	archive, err := filepath.Abs(box.archive)
	if err != nil {
		return nil, fmt.Errorf("find the archive: %w", err)
	}
	box.archive = archive
	if box.dir == "" {
		box.temporary = true
		if box.dir, err = os.MkdirTemp("", "cockroachdb-sandbox-"); err != nil {
			return nil, fmt.Errorf("make a folder: %w", err)
		}
		// Tasks may run as another user than the one who starts the sandbox.
		if err := os.Chmod(box.dir, 0o755); err != nil {
			return nil, fmt.Errorf("open the folder to the tasks: %w", err)
		}
	}
	if box.dir, err = filepath.Abs(box.dir); err != nil {
		return nil, fmt.Errorf("find the folder: %w", err)
	}
	if err := os.MkdirAll(box.dir, 0o755); err != nil {
		return nil, fmt.Errorf("make the folder: %w", err)
	}
	return box, box.writePassphrase()
}

func (b *sandbox) passphrase() string { return filepath.Join(b.dir, "passphrase") }

// writePassphrase makes the file that the key of the certificate authority is encrypted under. One that is there is the one of the
// state beside it.
func (b *sandbox) writePassphrase() error {
	if !b.secure {
		return nil
	}
	file, err := os.OpenFile(b.passphrase(), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("write the passphrase: %w", err)
	}
	_, err = file.WriteString(rand.Text() + "\n")
	return errors.Join(err, file.Close())
}

// start brings up the master with its agents, then the scheduler.
func (b *sandbox) start(ctx context.Context) error {
	network, err := freeNetwork()
	if err != nil {
		return err
	}
	agents := httpshell.Agents(4)
	for i := range agents {
		agents[i].IP = fmt.Sprintf("127.0.%d.%d", network, i+1)
		// What an agent offers by default on a private node of DC/OS; each has an address, so they do not collide.
		agents[i].Ports = []uint64{1025, 2180, 2182, 3887, 3889, 5049, 5052, 8079, 8082, 8180, 8182, 32000}
	}
	b.cluster = &httpshell.Cluster{WorkDir: filepath.Join(b.dir, "agents"), Agents: agents}
	// The cluster is stopped by stop, after the scheduler: not with the context.
	if err := b.cluster.Start(context.WithoutCancel(ctx)); err != nil {
		return err
	}
	port, err := freePort()
	if err != nil {
		return err
	}
	b.port = port
	if b.log, err = os.Create(filepath.Join(b.dir, "scheduler.log")); err != nil {
		return fmt.Errorf("open the scheduler's log: %w", err)
	}
	b.scheduler = exec.Command(b.binary)
	b.scheduler.Env = b.environment()
	b.scheduler.Stdout, b.scheduler.Stderr = b.log, b.log
	// A group of its own, so that Ctrl-C reaches only the sandbox, which stops the rest in order; and an end with the
	// sandbox, should that be killed.
	b.scheduler.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if err := b.scheduler.Start(); err != nil {
		return fmt.Errorf("start the scheduler: %w", err)
	}
	go func() { b.ended <- b.scheduler.Wait() }()
	return nil
}

// environment is all that differs from the scheduler's defaults.
func (b *sandbox) environment() []string {
	name := "root"
	if me, err := user.Current(); err == nil {
		name = me.Username
	}
	environ := []string{
		"PATH=" + os.Getenv("PATH"),
		"MESOS_MASTER=" + b.cluster.URL(),
		"STATE_STORE=file://" + filepath.Join(b.dir, "state"),
		fmt.Sprintf("PORT_API=%d", b.port),
		fmt.Sprintf("API_ADVERTISE=127.0.0.1:%d", b.port),
		"DISCOVERY=address",
		"COCKROACH_LISTEN=agent",
		"COCKROACH_URI=file://" + b.archive,
		"FRAMEWORK_USER=" + name,
		fmt.Sprintf("NODE_COUNT=%d", b.nodes),
		"READINESS_CHECK_INTERVAL=1s",
	}
	if b.secure {
		environ = append(environ, "TLS_ENABLED=true", "TLS_CA_PASSPHRASE="+b.passphrase())
	}
	return environ
}

// stop ends the scheduler, then all tasks, agents and the master, and removes the folder unless it is to be kept.
func (b *sandbox) stop() {
	if b.scheduler != nil && b.scheduler.Process != nil {
		_ = b.scheduler.Process.Signal(syscall.SIGTERM)
		select {
		case <-b.ended:
		case <-time.After(10 * time.Second):
			_ = b.scheduler.Process.Kill()
		}
	}
	if b.cluster != nil {
		_ = b.cluster.Stop()
	}
	if b.log != nil {
		b.log.Close()
	}
	if b.temporary && !b.keep {
		_ = os.RemoveAll(b.dir)
	}
}

// second is the address of the second agent.
func (b *sandbox) second() string { return b.cluster.Agents[1].IP }

func (b *sandbox) url() string { return fmt.Sprintf("http://127.0.0.1:%d", b.port) }

// wait blocks until Ctrl-C, or until the scheduler ends by itself.
func (b *sandbox) wait(ctx context.Context) error {
	select {
	case <-ctx.Done():
		fmt.Println("\nstopping everything …")
		return nil
	case err := <-b.ended:
		b.ended <- err
		return b.explained(fmt.Errorf("the scheduler ended by itself: %v", err))
	}
}

// explained adds the end of the scheduler's log to an error.
func (b *sandbox) explained(err error) error {
	data, readErr := os.ReadFile(filepath.Join(b.dir, "scheduler.log"))
	if readErr != nil {
		return err
	}
	lines := strings.Split(strings.TrimSpace(string(data)), "\n")
	if len(lines) > 15 {
		lines = lines[len(lines)-15:]
	}
	return fmt.Errorf("%w\nlast lines of the scheduler's log:\n  %s", err, strings.Join(lines, "\n  "))
}

// freeNetwork finds a loopback network whose addresses have the database's ports free, so that several sandboxes run
// side by side on one machine. All of 127.0.0.0/8 is loopback on Linux.
func freeNetwork() (int, error) {
	for network := range 64 {
		free := true
		for agent := range 4 {
			for _, port := range []int{26257, 8123} {
				listener, err := net.Listen("tcp", fmt.Sprintf("127.0.%d.%d:%d", network, agent+1, port))
				if err != nil {
					free = false
					continue
				}
				listener.Close()
			}
		}
		if free {
			return network, nil
		}
	}
	return 0, errors.New("ports 26257 and 8123 are taken on every loopback network tried: stop what listens there")
}

func freePort() (int, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("find a free port: %w", err)
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port, nil
}
