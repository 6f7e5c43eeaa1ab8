package cluster

import (
	"errors"
	"time"
)

// Target is a scheduler and how to reach it.
type Target struct {
	// API is the URL below which the paths of the scheduler's API start,
	// without a slash at the end: API + "/v1/plans".
	API string
	// Cosmos is the URL of the DC/OS package manager, "" when Direct.
	Cosmos string
	// Service is the name of the service, "" when Direct.
	Service string
	// Token is sent as Authorization; empty for none. Never sent when Direct.
	Token Token
	// APIToken is the scheduler's own token (API_TOKEN of its settings), empty for none. It goes to API alone.
	APIToken Token
	TLS      TLS
	// Timeout is the limit for one request with its answer.
	Timeout time.Duration
	// Direct says that the scheduler is addressed without DC/OS in between.
	Direct bool
}

// Wanted is what the user asked for by flags. Empty fields were not given.
type Wanted struct {
	URL  string // address of a scheduler, without DC/OS
	Name string // name of the service
	// TokenFile holds the scheduler's own token, CAFile the certificates that its certificate is checked with; CAFile is for URL.
	TokenFile string
	CAFile    string
}

// Environment looks up a variable as os.LookupEnv does: an empty variable is
// not the same as none, because dcos sets DCOS_ACS_TOKEN to "" without a login.
type Environment func(name string) (value string, set bool)

// The variable that names a scheduler to talk to without DC/OS.
const DirectURL = "COCKROACHDB_SCHEDULER_URL"

// DirectCA names the file of certificates that the scheduler's certificate is checked with, without DC/OS.
const DirectCA = "COCKROACHDB_API_CA_FILE"

// APIToken is the variable of the scheduler's own token.
const APIToken = "COCKROACHDB_API_TOKEN"

// standardTimeout is the limit when core.timeout says nothing.
const standardTimeout = 30 * time.Second

// Find works out the target. Flags win over the environment, the environment
// over dcos.toml. All faults are joined: each is a *Fault. Where nothing tells
// which cluster is meant, the error is a *Unknown.
func Find(w Wanted, env Environment) (Target, error) {
	if address, field := direct(w, env); address != "" {
		return findDirect(w, address, field, env)
	}
	if w.CAFile != "" {
		return Target{}, &Fault{"--api-ca-file", w.CAFile, "is for --url, and the scheduler is reached through DC/OS",
			"Give --url, or trust the cluster's CA: dcos config set core.ssl_verify <CA file>."}
	}
	for _, name := range addressVariables {
		if address, set := env(name); set {
			return build(w, settings{env: env, file: same(env, address)})
		}
	}
	file, err := attached(env)
	if err != nil {
		return Target{}, err
	}
	return build(w, settings{env: env, file: file})
}

// addressVariables name a cluster by its address; the second is what the SDK's rule makes of core.dcos_url.
var addressVariables = []string{"DCOS_URL", "DCOS_DCOS_URL"}

func direct(w Wanted, env Environment) (address, field string) {
	if w.URL != "" {
		return w.URL, "--url"
	}
	value, _ := env(DirectURL)
	return value, DirectURL
}

// findDirect leaves out token and TLS settings of dcos on purpose: they belong to the
// attached cluster, not to this address.
func findDirect(w Wanted, address, field string, env Environment) (Target, error) {
	s := settings{env: env}
	api, err := cleanURL(field, address)
	limit, err2 := s.timeout()
	token, err3 := s.apiToken(w)
	if err := errors.Join(err, err2, err3); err != nil {
		return Target{}, err
	}
	ca := w.CAFile
	if value, set := env(DirectCA); ca == "" && set {
		ca = value
	}
	return Target{API: api, APIToken: token, TLS: TLS{CAFile: ca, Direct: ca != ""}, Timeout: limit, Direct: true}, nil
}

func build(w Wanted, s settings) (Target, error) {
	address, field := s.url()
	base, errURL := cleanURL(field, address)
	service, errName := s.service(w)
	tls, errTLS := s.tls()
	limit, errLimit := s.timeout()
	cosmos, errCosmos := s.cosmos(base)
	apiToken, errToken := s.apiToken(w)
	if err := errors.Join(errURL, errName, errTLS, errLimit, errCosmos, errToken); err != nil {
		return Target{}, err
	}
	return Target{
		API:      base + "/service/" + service.path(),
		Cosmos:   cosmos,
		Service:  string(service),
		Token:    s.token(),
		APIToken: apiToken,
		TLS:      tls,
		Timeout:  limit,
	}, nil
}
