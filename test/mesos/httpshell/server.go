package httpshell

import (
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/mesos/mesos-go/api/v1/lib/scheduler"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model"
)

// Options are the facts of a master that answers over HTTP.
type Options struct {
	// Model is the master itself. Hostname, IP and Port should be those it is served at.
	Model model.Options
	// Log gets what goes wrong inside the shell. Default: nothing is logged.
	Log *slog.Logger
	// Observe, when set, sees every call of the scheduler API that reached the model, with the status of its answer, before the
	// answer is sent. It is called from many goroutines and must neither change the call nor wait for
	// the server.
	Observe func(call *scheduler.Call, status int)
	// Before, when set, sees every call but SUBSCRIBE before the model does, by the same rules.
	Before func(call *scheduler.Call)
}

// Server is a Mesos master as an http.Handler. It is also the process.Reporter of its agents.
type Server struct {
	options Options
	log     *slog.Logger
	owner   *owner
	faults  *Faults
	started time.Time
	pages   map[string]http.HandlerFunc
}

// New starts a master without agents.
func New(options Options) *Server {
	if options.Log == nil {
		options.Log = slog.New(slog.DiscardHandler)
	}
	s := &Server{options: options, log: options.Log, started: time.Now()}
	s.faults = &Faults{server: s, conns: map[net.Conn]struct{}{}}
	s.owner = newOwner(model.New(options.Model), options.Log)
	s.pages = map[string]http.HandlerFunc{
		"/api/v1/scheduler": s.schedulerAPI,
		"/api/v1":           s.operatorAPI,
		"/state":            s.statePage,
		"/state.json":       s.statePage,
		"/slaves":           s.slavesPage,
		"/frameworks":       s.frameworksPage,
		"/version":          s.versionPage,
		"/health":           s.healthPage,
		"/flags":            s.flagsPage,
		"/redirect":         s.redirectPage,
	}
	return s
}

// ServeHTTP answers at every path also with the prefix /master and with a trailing slash, as a master does.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := strings.TrimSuffix(r.URL.Path, "/")
	if rest, found := strings.CutPrefix(path, "/master/"); found {
		path = "/" + rest
	}
	page, found := s.pages[path]
	if !found {
		answer{http.StatusNotFound, "404 Not Found."}.write(w)
		return
	}
	page(w, r)
}

// Faults makes the master misbehave.
func (s *Server) Faults() *Faults { return s.faults }

// Do runs a function on the goroutine that owns the model, carries out what came of it, and returns. The function must not call
// the Server. After Close nothing is done and false returned.
func (s *Server) Do(what func(m *model.Model, now time.Time)) bool { return s.owner.do(what) }

// AddAgent registers an agent and returns its id. Without hands the agent has no machine: launches on it come to nothing until
// someone reports for it with TaskStatus.
func (s *Server) AddAgent(spec model.AgentSpec, hands Hands) string {
	var id string
	s.Do(func(m *model.Model, now time.Time) {
		id = m.AddAgent(now, spec)
		if hands != nil {
			s.owner.hands[id] = hands
		}
	})
	return id
}

// LoseAgent is an agent whose metadata is lost: its machine registers again under a new id, which is returned.
func (s *Server) LoseAgent(id string) (newID string, err error) {
	s.Do(func(m *model.Model, now time.Time) {
		hands := s.owner.hands[id]
		if newID, err = m.AgentLost(now, id); err == nil && hands != nil {
			s.owner.hands[newID] = hands
			// The old id's shut-downs are among the outputs that follow, and AgentForgotten after them.
		}
	})
	return newID, err
}

// State returns what the master knows.
func (s *Server) State() model.State {
	var state model.State
	s.Do(func(m *model.Model, _ time.Time) { state = m.State() })
	return state
}

// Close ends every stream and the master. Its agents are not stopped.
func (s *Server) Close() { s.owner.stop() }

func (s *Server) observe(call *scheduler.Call, status int) {
	if s.options.Observe != nil {
		s.options.Observe(call, status)
	}
}
