package cli

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/client"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/cluster"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

func adviseMeant(e *meantError) advice {
	return advice{text: e.text, asked: e.err.Query, answer: said(e.err.Body), try: strings.Split(e.remedy, "\n")}
}

// said is the text of an answer that is a message in JSON, and other answers as they are.
func said(body string) string {
	var message wire.Message
	if err := json.Unmarshal([]byte(body), &message); err == nil && message.Message != "" {
		return message.Message
	}
	return body
}

// adviseStatus words an HTTP status that means failure. What the causes are is
// from the SDK's plug-in (cli/client/http.go) and from Admin Router's answers.
func (s *session) adviseStatus(e *client.StatusError) advice {
	a := advice{asked: e.Query, answer: said(e.Body)}
	if e.FromRouter {
		a.answer = "" // a web page, or a sentence that says less than ours
	}
	status := strings.TrimSpace(fmt.Sprintf("%d %s", e.Status, http.StatusText(e.Status)))
	switch e.Status {
	case http.StatusUnauthorized:
		if e.WantsToken {
			a.answer = ""
			a.text, a.try = s.tokenAdvice(status)
			return a
		}
		a.text = fmt.Sprintf("not logged in, or the login is no longer valid (%s)", status)
		a.try = s.loginAdvice()
	case http.StatusForbidden:
		if e.WantsTLS {
			a.text, a.answer = fmt.Sprintf("the scheduler wants to be asked by https (%s)", status), ""
			a.try = []string{"Write the address with https:// : " + s.addressSetting() + "."}
			if s.target.Direct && !s.target.APIToken.Empty() {
				a.try = append(a.try, "The token went over the network in the clear just now: have it replaced.")
			}
			return a
		}
		a.text = fmt.Sprintf("you are not allowed to do this (%s)", status)
		a.try = s.permissionAdvice()
	case http.StatusNotFound:
		a.text, a.try = s.notFoundAdvice(e, status)
	case http.StatusProxyAuthRequired:
		a.text, a.answer = fmt.Sprintf("the proxy asks for a login (%s)", status), ""
		a.try = []string{proxyLogin}
	case http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		a.text, a.try = s.brokenAdvice(e, status)
	default:
		a.text = fmt.Sprintf("the query failed (%s)", status)
		a.try = []string{"Show the whole exchange: add -vv."}
	}
	return a
}

// tokenAdvice is about the scheduler's own token, whatever stands before it.
func (s *session) tokenAdvice(status string) (string, []string) {
	try := []string{"Give it in a file: --api-token-file <file>. Or in the environment: " + cluster.APIToken + "=<token>."}
	if !s.target.Direct {
		try = append(try, "Or for good, in clear in the file of dcos: dcos config set "+module+".api_token <token>")
	}
	if s.target.APIToken.Empty() {
		return fmt.Sprintf("the scheduler wants a token, and none was given (%s)", status), try
	}
	return fmt.Sprintf("the scheduler does not take this token (%s)", status),
		append([]string{"Was the token changed? Ask those who run the scheduler for the one that counts now (API_TOKEN of its settings)."}, try...)
}

func (s *session) loginAdvice() []string {
	if s.target.Direct {
		return []string{"Something before the scheduler asks for a login, and --url sends none. Go through DC/OS: leave out --url."}
	}
	login := "Log in: dcos auth login"
	if s.target.Token.Empty() {
		login += " (no token was sent)"
	}
	return []string{login}
}

func (s *session) permissionAdvice() []string {
	if s.target.Direct {
		return []string{"Ask those who run what stands before the scheduler for access."}
	}
	return []string{
		fmt.Sprintf("Ask an administrator of the cluster for access to the service %q.", s.target.Service),
		"Log in as another user: dcos auth login",
	}
}

func (s *session) notFoundAdvice(e *client.StatusError, status string) (string, []string) {
	if s.target.Direct {
		return fmt.Sprintf("the server at this address does not know the query (%s)", status),
			[]string{"Check that --url (or COCKROACHDB_SCHEDULER_URL) is the address of the scheduler."}
	}
	if strings.HasPrefix(e.Query, http.MethodPost+" "+s.target.Cosmos) {
		return fmt.Sprintf("this cluster does not describe services (%s)", status),
			[]string{"DC/OS 1.10 or newer is needed."}
	}
	if e.FromRouter {
		return fmt.Sprintf("there is no service %q on this cluster (%s)", s.target.Service, status), s.nameAdvice()
	}
	return fmt.Sprintf("the service %q does not know the query (%s)", s.target.Service, status), s.nameAdvice()
}

func (s *session) nameAdvice() []string {
	return []string{
		"Give the service's name: --name=<name>, or for good: dcos config set " + module + ".service_name <name>",
		"See the services of the cluster: dcos service",
	}
}

func (s *session) brokenAdvice(e *client.StatusError, status string) (string, []string) {
	if s.target.Direct {
		return fmt.Sprintf("the scheduler failed to answer (%s)", status),
			append(s.doubt(e.Query), "Read the scheduler's log.", "Try again when it has started.")
	}
	// With a body, a 503 is the scheduler's own: it was too busy to answer in time.
	own := e.Status == http.StatusInternalServerError || e.Status == http.StatusServiceUnavailable && e.Body != ""
	if own && !e.FromRouter {
		return fmt.Sprintf("the scheduler of the service %q failed to answer (%s)", s.target.Service, status),
			append(s.doubt(e.Query), "Read the scheduler's log: dcos service log "+s.target.Service)
	}
	return fmt.Sprintf("could not reach the scheduler of the service %q (%s)", s.target.Service, status), []string{
		fmt.Sprintf("Is it running? dcos marathon app show %s", s.target.Service),
		"Is it starting? Try again in a minute; its log: dcos service log " + s.target.Service,
		"Is the name right? " + s.nameAdvice()[0],
	}
}

// doubt is for commands whose answer was lost: they may have counted.
func (s *session) doubt(query string) []string {
	if strings.HasPrefix(query, http.MethodGet+" ") || strings.HasSuffix(query, client.Path("backups")) {
		return nil
	}
	if strings.Contains(query, client.Path("jobs")) {
		return []string{"It is not known whether the command counted. Before you give it again, see what runs: " + s.program + " backup status"}
	}
	return []string{"It is not known whether the command counted. Before you give it again, see how things are: " + s.program + " plan status deploy, or: " + s.program + " why"}
}

func (s *session) adviseCosmos(e *client.CosmosError) advice {
	if e.Type == "MarathonAppNotFound" {
		return advice{text: fmt.Sprintf("there is no service %q on this cluster", s.target.Service), answer: e.Message, try: s.nameAdvice()}
	}
	if a := s.adviseUpdate(e); a.text != "" {
		return a
	}
	return advice{
		text: fmt.Sprintf("could not execute the command: %s (%s)", e.Message, e.Type),
		try:  []string{"Show the whole exchange: add -vv."},
	}
}
