package node

import (
	"context"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/node/certs"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// Start is `cockroachdb-node start`: it runs one database in the sandbox until that ends.
type Start struct {
	// Dir is the sandbox, an absolute path.
	Dir string
	// Environ is the task's environment as NAME=value.
	Environ []string
	// Stdout takes the helper's lines and the database's stdout, Stderr the database's stderr.
	Stdout, Stderr io.Writer
	// Signals delivers what the task is sent.
	Signals <-chan os.Signal
	// MountInfo is the file that lists the container's mounts: /proc/self/mountinfo.
	MountInfo string
	// Memory is where private keys are.
	Memory certs.Memory
}

// Run returns the exit code: the database's own where it ran, else one of the Code constants.
func (st Start) Run(ctx context.Context) int {
	journal := NewJournal(st.Stdout, time.Now)
	settings, err := ParseSettings(st.Environ)
	if err != nil {
		journal.Say("ERROR: %v", err)
		return ExitCode(err)
	}
	journal.Say("starting CockroachDB %s as %s of service %s, task %s", settings.Version, settings.TaskName, settings.Service, settings.TaskID)
	for _, warning := range settings.Warnings() {
		journal.Say("WARNING: %s", warning)
	}
	state := &stateKeeper{dir: st.Dir, journal: journal, state: State{
		Phase: Preparing, HTTP: settings.HTTP.Dial().String(), Version: settings.Version.String(), TaskID: settings.TaskID,
		TLSName: settings.TLS.Name}}
	state.advance(Preparing)
	if settings.TLS.Place, err = openPlace(st.Memory, st.Dir, settings, journal); err != nil {
		journal.Say("ERROR: %v", err)
		return ExitCode(err)
	}
	defer closePlace(settings.TLS.Place, journal)
	ready, signal, err := st.prepareUnlessStopped(ctx, settings, journal)
	switch {
	case signal != 0:
		journal.Say("stopped by signal %d before the database was started", signal)
		return 128 + int(signal)
	case err != nil:
		journal.Say("ERROR: %v", err)
		return ExitCode(err)
	}
	return st.supervise(ctx, settings, ready, state, journal)
}

// prepared is what a start needs besides its settings.
type prepared struct {
	binary string
	// volume is the true path of the persistent volume.
	volume string
	marker identity
	// security is empty for a node without certificates.
	security security
	// damaged is true when the volume has a marker that cannot be read: then nothing is initialised.
	damaged bool
}

// prepareUnlessStopped runs prepare and gives up when a signal asks the task to end.
func (st Start) prepareUnlessStopped(ctx context.Context, s Settings, journal *Journal) (prepared, syscall.Signal, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	type result struct {
		prepared
		err error
	}
	done := make(chan result, 1)
	go func() {
		p, err := st.prepare(ctx, s, journal)
		done <- result{p, err}
	}()
	for {
		select {
		case r := <-done:
			return r.prepared, 0, r.err
		case sig := <-st.Signals:
			if number, _ := sig.(syscall.Signal); number != syscall.SIGHUP {
				cancel()
				<-done
				return prepared{}, number, nil
			}
		}
	}
}

// prepare does everything that comes before the database: the cheap refusals first.
func (st Start) prepare(ctx context.Context, s Settings, journal *Journal) (prepared, error) {
	var p prepared
	mounts, err := readMounts(st.MountInfo)
	if err != nil {
		return p, &Fault{Code: tasks.ExitVolume, Problem: "cannot tell whether the persistent volume is mounted", Err: err}
	}
	if p.volume, err = checkVolume(st.Dir, s.Store, mounts); err != nil {
		return p, err
	}
	if p.marker, err = readIdentity(p.volume); err != nil {
		p.damaged = true
		journal.Say("WARNING: %v. The node is started, and does not initialise a cluster; delete the file if this volume's data is not wanted", err)
	}
	if err := checkIdentity(p.marker, s); err != nil {
		return p, err
	}
	if p.binary, err = s.Program().Prepare(ctx, st.Dir, st.Environ, journal); err != nil {
		return p, err
	}
	if s.WaitDNS && net.ParseIP(s.Advertise.Host) == nil {
		wait := nameWait{net.DefaultResolver.LookupHost, ownAddresses, dnsLimit, dnsPause, journal}
		if err := wait.run(ctx, s.Advertise.Host, s.AgentIP); err != nil {
			return p, err
		}
	}
	if s.TLS.On {
		if p.security, err = enrol(ctx, s, journal); err != nil {
			return p, err
		}
	}
	if s.ClusterID != "" && p.marker.ClusterID == "" {
		if err := p.security.web(s, client{p.binary, st.Dir, st.Environ, clientLimit}).refuseForeignPeers(ctx, s); err != nil {
			return p, err
		}
	}
	return p, portWait{portLimit, 500 * time.Millisecond, journal}.run(ctx, s.Listen, s.HTTP)
}

// supervise starts the database and stays until it has ended.
func (st Start) supervise(ctx context.Context, s Settings, p prepared, state *stateKeeper, journal *Journal) int {
	args := cockroach.StartCommand(s.StartSpec())
	journal.Say("running %s %s", cockroach.BinaryName, strings.Join(args, " "))
	db, err := Child{Path: p.binary, Args: args, Environ: cockroach.Environment(st.Environ), Dir: st.Dir, Stdout: st.Stdout, Stderr: st.Stderr}.Start()
	if err != nil {
		fault := &Fault{Code: tasks.ExitStart, Problem: "cannot start the database", Err: err}
		journal.Say("ERROR: %v", fault)
		return fault.Code
	}
	state.running(db.PID)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	verdict := make(chan error, 1)
	go st.join(ctx, s, p, state, journal, verdict)
	go keepCertificates(ctx, s, p, db, journal)
	w := watch{settings: s, db: db, state: state, journal: journal, signals: st.Signals, verdict: verdict, abandon: cancel}
	return w.run()
}
