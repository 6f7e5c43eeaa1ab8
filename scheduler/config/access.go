package config

import (
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/door"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// Access says how the API proves who it is, and who may use it. What is given as the path of a file stays a path here, because such a
// file is read again when it changes; CA alone is part of the target, and its text stands here once files were read.
type Access struct {
	Cert  string `env:"API_TLS_CERT" help:"Certificate of the API in PEM, with those between it and its authority behind it: the text, or the path of a file that holds it, from the working directory or MESOS_SANDBOX. With it and API_TLS_KEY the API speaks TLS on its port, and plain HTTP serves only the helper that tasks fetch, /v1/health, and what nodes, jobs and the metrics task that were launched before say and ask, none of which is secret. A file is read again when it changes. Empty means plain HTTP."`
	Key   Secret `env:"API_TLS_KEY" help:"Private key of API_TLS_CERT in PEM, without a password: the text, or the path of a file. A file is read again when it changes."`
	CA    string `env:"API_TLS_CA" help:"Certificates in PEM that tasks check API_TLS_CERT with, the text or the path of a file; every task gets them in its environment. Empty means the authorities that the agents' systems trust."`
	Token Secret `env:"API_TOKEN" help:"Tokens of which a request to the API has to bring one (Authorization: Bearer …), one a line, so that one can be changed without a gap: the text, or, with a slash in it, the path of a file, which is read again when it changes. Lines that begin with # count for nothing. Tasks, the helper's download and /v1/health need none. Empty means that nobody is asked; so it has to be where Cosmos of DC/OS is to show plans."`
}

// soon is how long before its end a certificate is warned of.
const soon = 30 * 24 * time.Hour

// accessRemedies are what to do about files that cannot be read.
var accessRemedies = map[string]string{
	door.CertSetting:  "give the certificate in PEM, or the path of a file that holds it",
	door.KeySetting:   "give the key in PEM, or the path of a file that holds it and that the scheduler's user may read",
	door.CASetting:    "give the certificates in PEM, or the path of a file that holds them",
	door.TokenSetting: "give a token without a slash, or the path of a file that holds one token a line",
}

// isTokenPath says that API_TOKEN names a file: a token that is given as it is has no slash.
func isTokenPath(value string) bool { return strings.Contains(value, "/") }

// readAccess puts the text of the CA's file in the place of its path: it goes to the tasks.
func readAccess(values map[string]string, read ReadFile, f *faults) {
	path := values[door.CASetting]
	if path == "" || isPEM(path) {
		return
	}
	text, err := read(path)
	if err != nil {
		f.reject(door.CASetting, path, "is not PEM, and as a path it names no file that can be read: "+reason(err), accessRemedies[door.CASetting])
		delete(values, door.CASetting)
		return
	}
	if _, err := door.Certificates(door.CASetting, text); err != nil {
		var fault tasks.Fault
		errors.As(err, &fault)
		f.reject(door.CASetting, path, fault.Message, fault.Remedy)
		delete(values, door.CASetting)
		return
	}
	values[door.CASetting] = string(text)
}

// checkAccess looks at certificate, key and tokens. Without read a path is no fault: its file was not looked at.
func (s Settings) checkAccess(read ReadFile, today time.Time, f *faults) []string {
	a := s.Access
	var warnings []string
	if a.Token != "" {
		if text, ok := given(door.TokenSetting, string(a.Token), isTokenPath(string(a.Token)), read, f); ok {
			checkTokens(text, f)
		}
		if a.Cert == "" {
			warnings = append(warnings, "API_TOKEN is set and API_TLS_CERT is not: whoever reads the network can use the tokens; set API_TLS_CERT and API_TLS_KEY, "+
				"or let the port be reached only by what speaks TLS before it.")
		}
	}
	switch {
	case a.Cert == "" && a.Key == "" && a.CA != "":
		warnings = append(warnings, "API_TLS_CA has no effect without API_TLS_CERT.")
	case a.Cert == "" && a.Key != "":
		f.add(door.CertSetting, "", "is needed with API_TLS_KEY", accessRemedies[door.CertSetting])
	case a.Cert != "" && a.Key == "":
		f.add(door.KeySetting, "", "is needed with API_TLS_CERT", accessRemedies[door.KeySetting])
	case a.Cert != "":
		warnings = append(warnings, s.checkPair(read, today, f)...)
	}
	return warnings
}

func (s Settings) checkPair(read ReadFile, today time.Time, f *faults) []string {
	cert, okCert := given(door.CertSetting, s.Access.Cert, !isPEM(s.Access.Cert), read, f)
	key, okKey := given(door.KeySetting, string(s.Access.Key), !isPEM(string(s.Access.Key)), read, f)
	if !okCert || !okKey {
		return nil
	}
	pair, err := door.Pair(cert, key)
	if s.faulty(err, f) {
		return nil
	}
	if s.Uninstalls() {
		// No task asks any more, and a service whose certificate has expired has to go all the same.
		return nil
	}
	var ca []*x509.Certificate
	if isPEM(s.Access.CA) {
		if ca, err = door.Certificates(door.CASetting, []byte(s.Access.CA)); s.faulty(err, f) {
			return nil
		}
	}
	host, _, err := net.SplitHostPort(s.service().API)
	if err != nil {
		host = "" // a fault of its own
	}
	if s.faulty(door.Good(pair, ca, host, today), f) {
		return nil
	}
	if left := pair.Leaf.NotAfter.Sub(today); left < soon {
		return []string{fmt.Sprintf("API_TLS_CERT expires in %d days, on %s; tasks and people cannot use the API then.",
			int(left.Hours()/24), pair.Leaf.NotAfter.UTC().Format(time.RFC3339))}
	}
	return nil
}

// faulty notes the faults of an error, with the setting's value where it is a path that may be shown.
func (s Settings) faulty(err error, f *faults) bool {
	for _, one := range leaves(err) {
		var fault tasks.Fault
		if errors.As(one, &fault) {
			f.add(fault.Field, s.shownAccess(fault.Field), fault.Message, fault.Remedy)
		}
	}
	return err != nil
}

func (s Settings) shownAccess(setting string) string {
	switch {
	case setting == door.KeySetting:
		return s.Access.Key.String()
	case setting == door.CertSetting && !isPEM(s.Access.Cert):
		return s.Access.Cert
	}
	return "(PEM)"
}

func checkTokens(text []byte, f *faults) {
	_, wrong := door.ParseTokens(string(text))
	for _, one := range wrong {
		message := one.Error()
		if one.Line == 0 {
			message = one.Message
		}
		f.add(door.TokenSetting, Secret("").String(), message, "write one token a line, of letters, digits and -._~+/ with at least "+
			fmt.Sprint(door.Shortest)+" characters, as openssl rand -hex 32 makes them")
	}
}

// given is the text of a setting, or of the file that it names; false when there is none to look at.
func given(setting, value string, path bool, read ReadFile, f *faults) ([]byte, bool) {
	if !path {
		return []byte(value), true
	}
	if read == nil {
		return nil, false
	}
	text, err := read(value)
	if err == nil {
		return text, true
	}
	message := "is not PEM, and as a path it names no file that can be read: "
	if setting == door.TokenSetting {
		message = "names no file that can be read: "
	}
	if setting != door.CertSetting {
		value = Secret(value).String() // it may be a secret that was not recognised as one
	}
	f.reject(setting, value, message+reason(err), accessRemedies[setting])
	return nil, false
}

// Given is what a setting gives: a text, or the path of a file that holds it.
type Given struct {
	Value  Secret
	IsPath bool
}

// Pair are the API's certificate and key.
func (a Access) Pair() (cert, key Given) {
	return Given{Secret(a.Cert), !isPEM(a.Cert)}, Given{a.Key, !isPEM(string(a.Key))}
}

// Tokens are those of which a request has to bring one.
func (a Access) Tokens() Given { return Given{a.Token, isTokenPath(string(a.Token))} }
