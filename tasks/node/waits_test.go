package node

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

func must(t *testing.T, text string) cockroach.Version {
	t.Helper()
	v, err := cockroach.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestNameWait(t *testing.T) {
	unknown := errors.New("no such host")
	for name, c := range map[string]struct {
		answers []string // "" is unknown; the last one repeats
		says    string
	}{
		"at once":          {[]string{"10.0.0.1"}, ""},
		"later":            {[]string{"", "10.0.0.9", "10.0.0.1"}, ""},
		"agent's address":  {[]string{"10.0.0.77"}, ""},
		"old task's":       {[]string{"10.0.0.9"}, "it resolves to 10.0.0.9, and this container has 127.0.0.1, 10.0.0.1"},
		"never":            {[]string{""}, "no such host"},
		"own and another":  {[]string{"10.0.0.9 10.0.0.1"}, ""},
		"other for a time": {[]string{"10.0.0.9", "10.0.0.9", "10.0.0.1"}, ""},
	} {
		synctest.Test(t, func(t *testing.T) {
			asked := 0
			w := nameWait{limit: dnsLimit, pause: dnsPause, journal: NewJournal(io.Discard, time.Now),
				own: func() ([]string, error) { return []string{"127.0.0.1", "10.0.0.1"}, nil },
				lookup: func(_ context.Context, host string) ([]string, error) {
					answer := c.answers[min(asked, len(c.answers)-1)]
					asked++
					if answer == "" {
						return nil, unknown
					}
					return strings.Fields(answer), nil
				}}
			err := w.run(t.Context(), "node-0", "10.0.0.77")
			if c.says == "" && err != nil || c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says) || ExitCode(err) != tasks.ExitDNS) {
				t.Errorf("%s: %v, want %q", name, err, c.says)
			}
			if c.says == "" && asked != len(c.answers) {
				t.Errorf("%s: asked %d times", name, asked)
			}
		})
	}
}

func TestReporterTriesUntilTheSchedulerKnows(t *testing.T) {
	codes := []int{500, 404, 503, 204}
	n := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(codes[n])
		n++
	}))
	defer server.Close()
	r := reporter{SchedulerAccess{}.Client(askLimit), server.URL, NewJournal(io.Discard, time.Now), time.Millisecond, 2 * time.Millisecond}
	if err := r.run(t.Context(), ClusterReport{ClusterID: "id", TaskID: "t"}); err != nil || n != len(codes) {
		t.Errorf("%v after %d tries", err, n)
	}
}

func TestPeers(t *testing.T) {
	at := func(host string, port int) cockroach.Address { return cockroach.Address{Host: host, Port: port} }
	s := Settings{HTTP: at("", 8080), Advertise: at("n0", 26257), AgentIP: "10.0.0.1", Join: []cockroach.Address{at("n0", 26257), at("n1", 26257), at("n0", 26258), at("fd00::1", 1)}}
	if got := strings.Join(peers(s), " "); got != "n1:8080 n0:8080 [fd00::1]:8080" {
		t.Error(got)
	}
	s.JoinHTTP = []cockroach.Address{at("n0", 8080), at("10.0.0.1", 8080), at("10.0.0.1", 8081), at("n1", 9)}
	if got := strings.Join(peers(s), " "); got != "10.0.0.1:8081 n1:9" {
		t.Error(got)
	}
}

// answering is a network of one peer; the answer has its times from the clock of the test.
type answering func(*http.Request) (*http.Response, error)

func (a answering) RoundTrip(r *http.Request) (*http.Response, error) { return a(r) }

func TestSlowPeerIsAskedAgainBeforeInit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		peers, asked := plainWeb(), 0
		peers.toOthers.Transport = answering(func(r *http.Request) (*http.Response, error) {
			if asked++; asked < 3 {
				<-r.Context().Done() // it takes longer than the client waits
				return nil, r.Context().Err()
			}
			return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(`{"clusterId": "` + otherID + `"}`))}, nil
		})
		peer, err := cockroach.ParseAddress("10.0.0.2:8080")
		if err != nil {
			t.Fatal(err)
		}
		m := &membership{settings: Settings{JoinHTTP: []cockroach.Address{peer}}, web: peers, journal: NewJournal(io.Discard, time.Now)}
		got := m.askPatiently(t.Context())
		if len(got) != 1 || got[0].clusterID != otherID {
			t.Errorf("got %+v after %d requests", got, asked)
		}
	})
}

func TestAskCluster(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		body   string
		want   cockroach.Membership
		id     string
	}{
		"member":      {200, `{"clusterId": "99999999-2222-4333-8444-555555555555", "reportingEnabled": false}`, cockroach.Member, otherID},
		"old field":   {200, `{"cluster_id": "99999999-2222-4333-8444-555555555555"}`, cockroach.Member, otherID},
		"not yet":     {404, "404 page not found", cockroach.NotMember, ""},
		"nil id":      {200, `{"clusterId": "00000000-0000-0000-0000-000000000000"}`, cockroach.NotMember, ""},
		"overloaded":  {503, "", cockroach.MemberUnknown, ""},
		"other thing": {200, "<html>", cockroach.MemberUnknown, ""},
		"no id":       {200, "{}", cockroach.MemberUnknown, ""},
	} {
		address := peerServer(t, func(w http.ResponseWriter, _ string) {
			w.WriteHeader(c.status)
			_, _ = io.WriteString(w, c.body)
		})
		got, id, err := plainWeb().askCluster(t.Context(), address)
		if got != c.want || id != c.id || (err == nil) != (c.want != cockroach.MemberUnknown) {
			t.Errorf("%s: %v %q %v", name, got, id, err)
		}
	}
}
