package node

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/node/certs"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/norace"
)

// The test program plays three parts, told apart by the name it is started under: the tests, a fake database ("cockroach",
// fetched into sandboxes as a bare binary), and the helper itself ("cockroachdb-node"), to be killed from outside.
func TestMain(m *testing.M) {
	switch filepath.Base(os.Args[0]) {
	case "cockroach":
		// Not os.Exit: with the race detector that sleeps for a second.
		syscall.Exit(fakeDatabase(os.Args[1:]))
	case "cockroachdb-node":
		dir, _ := os.Getwd()
		st := Start{Dir: dir, Environ: os.Environ(), Stdout: os.Stdout, Stderr: os.Stderr, MountInfo: "/proc/self/mountinfo",
			Memory: certs.Memory{Path: filepath.Join(dir, "shm"), Check: func(string) error { return nil }}}
		syscall.Exit(st.Run(context.Background()))
	}
	os.Exit(run(m))
}

// fakeProgram is what plays the database.
var fakeProgram string

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "fake-database-")
	if err == nil {
		defer os.RemoveAll(dir)
		standIns.dir = dir
		fakeProgram, err = norace.Self(dir)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
}

// fakeConfig is fake.json in the sandbox: the environment does not reach the database.
type fakeConfig struct {
	Version string
	// Drain is how long SIGTERM takes.
	Drain time.Duration
	// SecondTermKills is the rule up to v20.1.
	SecondTermKills bool
	// ExitAtOnce, when not 0, ends the process with that code in place of serving.
	ExitAtOnce int
	// SilentHTTP never opens the HTTP port.
	SilentHTTP bool
	// InitFails makes that many runs of init fail first.
	InitFails int
	// Joins is the cluster id that the node adopts by itself, as a member of an existing cluster would.
	Joins string
}

const fakeClusterID = "11111111-2222-4333-8444-555555555555"

func fakeDatabase(args []string) int {
	var config fakeConfig
	body, err := os.ReadFile(findUp("fake.json"))
	if err == nil {
		err = json.Unmarshal(body, &config)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "fake:", err)
		return 99
	}
	flags := flag.NewFlagSet(args[0], flag.ExitOnError)
	text := func(name string) *string { return flags.String(name, "", "") }
	flags.Bool("insecure", false, "")
	certsDir := text("certs-dir")
	text("format")
	host, store, listen, web := text("host"), text("store"), text("listen-addr"), text("http-addr")
	text("advertise-addr")
	text("join")
	text("cache")
	text("max-sql-memory")
	_ = flags.Parse(args[1:])
	switch args[0] {
	case "version":
		fmt.Printf("Build Tag:    %s\nBuild Time:   2024/10/17 12:00:00\n", config.Version)
		return 0
	case "init":
		return fakeInit(*host, *certsDir)
	case "sql":
		return fakeSQL(*host, *certsDir)
	case "start":
		_ = os.WriteFile("fake.environ", []byte(strings.Join(os.Environ(), "\n")), 0o644)
		if config.ExitAtOnce != 0 {
			return config.ExitAtOnce
		}
		path, _, _ := strings.Cut(strings.TrimPrefix(*store, "path="), ",")
		return fakeStart(config, path, *listen, *web, *certsDir)
	}
	return 98
}

func findUp(name string) string {
	dir, _ := os.Getwd()
	for range 4 {
		if _, err := os.Stat(filepath.Join(dir, name)); err == nil {
			return filepath.Join(dir, name)
		}
		dir = filepath.Dir(dir)
	}
	return name
}

func fakeInit(host, certsDir string) int {
	client, scheme := fakeClient(certsDir)
	response, err := client.Post(scheme+"://"+host+"/init", "", nil)
	if err != nil {
		fmt.Fprintln(os.Stderr, "Error: cannot dial server.")
		return 1
	}
	defer response.Body.Close()
	switch response.StatusCode {
	case 200:
		fmt.Println("Cluster successfully initialized")
		return 0
	case 409:
		fmt.Fprintln(os.Stderr, "ERROR: cluster has already been initialized\nFailed running \"init\"")
	default:
		fmt.Fprintln(os.Stderr, "ERROR: node not ready\nFailed running \"init\"")
	}
	return 1
}

func fakeStart(config fakeConfig, store, listen, web, certsDir string) int {
	secure := newFakeTLS(certsDir)
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP)
	clusterFile := filepath.Join(store, "FAKE_CLUSTER")
	var fails, draining atomic.Int64
	cluster := func() string {
		body, _ := os.ReadFile(clusterFile)
		return string(body)
	}
	if config.Joins != "" && cluster() == "" {
		_ = os.WriteFile(clusterFile, []byte(config.Joins), 0o644)
	}
	rpc := http.NewServeMux()
	rpc.HandleFunc("/init", func(w http.ResponseWriter, _ *http.Request) {
		switch {
		case fails.Add(1) <= int64(config.InitFails):
			w.WriteHeader(500)
		case cluster() != "":
			w.WriteHeader(409)
		default:
			_ = os.WriteFile(clusterFile, []byte(fakeClusterID), 0o644)
		}
	})
	rpc.HandleFunc("/sql", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintf(w, "id\n%s\n", cluster()) })
	pages := http.NewServeMux()
	pages.HandleFunc("/health", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("ready") != "" && (cluster() == "" || draining.Load() > 0) {
			w.WriteHeader(503)
			fmt.Fprint(w, `{"error": "node is waiting for cluster initialization", "code": 14}`)
		}
	})
	pages.HandleFunc("/_admin/v1/cluster", func(w http.ResponseWriter, r *http.Request) {
		if cluster() == "" {
			http.NotFound(w, r)
			return
		}
		if secure != nil { // from v2.1 on
			w.WriteHeader(401)
			fmt.Fprint(w, "a valid authentication cookie is required")
			return
		}
		fmt.Fprintf(w, `{"clusterId": %q}`, cluster())
	})
	for address, handler := range map[string]http.Handler{listen: rpc, web: pages} {
		if address == web && config.SilentHTTP {
			continue
		}
		listener, err := net.Listen("tcp", address)
		if err != nil {
			fmt.Fprintln(os.Stderr, "ERROR:", err)
			return 1
		}
		go func() { _ = http.Serve(secure.listen(listener, address == listen), handler) }()
	}
	var drained <-chan time.Time
	for {
		select {
		case sig := <-signals:
			switch {
			case sig == syscall.SIGHUP:
				fmt.Println("fake: hangup")
				secure.reload()
			case drained == nil:
				fmt.Println("initiating graceful shutdown of server")
				draining.Store(1)
				drained = time.After(config.Drain)
			case sig == syscall.SIGTERM && config.SecondTermKills:
				signal.Reset(syscall.SIGTERM)
				_ = syscall.Kill(os.Getpid(), syscall.SIGTERM)
			}
		case <-drained:
			fmt.Println("server drained and shutdown completed")
			return 0
		}
	}
}
