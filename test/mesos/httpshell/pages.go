package httpshell

import (
	"encoding/json"
	"net"
	"net/http"
	"sort"
	"strconv"
	"time"
)

// The pages of a master that operators and tools read. The shapes are those of a real one; only fields that are true
// here are in them.

func (s *Server) page(w http.ResponseWriter, content any) {
	data, err := json.Marshal(content)
	if err != nil {
		answer{http.StatusInternalServerError, "Failed to write the page: " + err.Error()}.write(w)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(data)
}

type object = map[string]any

func (s *Server) healthPage(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) }

func (s *Server) versionPage(w http.ResponseWriter, _ *http.Request) {
	s.page(w, object{"version": s.State().Version, "build_user": "", "build_time": 0.0, "build_date": ""})
}

func (s *Server) redirectPage(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Location", "//"+s.address())
	w.WriteHeader(http.StatusTemporaryRedirect)
}

func (s *Server) flagsPage(w http.ResponseWriter, _ *http.Request) {
	s.page(w, object{"flags": s.flags()})
}

// flags are the settings of the model under the names of a master's flags; a value that was left at its default is not
// listed.
func (s *Server) flags() map[string]string {
	o := s.options.Model
	flags := map[string]string{"hostname": o.Hostname, "ip": o.IP, "port": strconv.Itoa(int(o.Port))}
	for name, value := range map[string]time.Duration{
		"allocation_interval":      o.AllocationInterval,
		"agent_ping_timeout":       o.AgentPingInterval,
		"agent_reregister_timeout": o.AgentReregisterTimeout,
	} {
		if value != 0 {
			flags[name] = strconv.FormatFloat(value.Seconds(), 'f', -1, 64) + "secs"
		}
	}
	if o.AgentPingTimeouts != 0 {
		flags["max_agent_ping_timeouts"] = strconv.Itoa(o.AgentPingTimeouts)
	}
	return flags
}

func flagNames(flags map[string]string) []string {
	names := make([]string, 0, len(flags))
	for name := range flags {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// address is where the master says it is.
func (s *Server) address() string {
	return net.JoinHostPort(s.options.Model.IP, strconv.Itoa(int(s.options.Model.Port)))
}

// unix is a time as the pages have it: seconds with a fraction; zero for none.
func unix(t time.Time) float64 {
	if t.IsZero() {
		return 0
	}
	return float64(t.UnixNano()) / float64(time.Second)
}
