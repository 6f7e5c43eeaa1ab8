package config

import (
	"fmt"
	"strings"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/certs"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// TLS says whether the cluster is secure, and where its certificates come from. Only TLS_ENABLED is part of the target: a change of
// the rest restarts nothing but the scheduler.
type TLS struct {
	Enabled        Flag     `env:"TLS_ENABLED" envDefault:"false" help:"Whether nodes and clients speak TLS with certificates: a secure cluster. A running cluster is changed only by a full stop of all nodes, see TLS_CHANGE."`
	Passphrase     Secret   `env:"TLS_CA_PASSPHRASE" help:"Passphrase of 12 characters or more that the key of the authority is encrypted under in the store: the text, or the path of a file that holds it (beginning with /, ./ or secrets/), from the working directory or MESOS_SANDBOX. Needed where the service makes its own authority. Who loses it has to change the authority with all nodes stopped."`
	Former         Secret   `env:"TLS_CA_FORMER_PASSPHRASE" help:"The passphrase before this one, while it is changed: what it opens is encrypted anew under TLS_CA_PASSPHRASE at the start. Text or path of a file."`
	CACert         string   `env:"TLS_CA_CERT" help:"Authority that signs, in place of one that the service makes: its certificate in PEM, followed by those that it is traced to, or the path of a file with them. Nodes trust the first alone, and let in whoever has a certificate of it as the user that it names; those behind it are for clients."`
	CAKey          Secret   `env:"TLS_CA_KEY" help:"Its key in PEM, without a passphrase of its own, or the path of a file with it. It is held in memory and never stored. Empty where finished certificates are given."`
	CAExtra        string   `env:"TLS_CA_EXTRA" help:"Further authorities that nodes and clients trust, in PEM, or the path of a file with them: for a change of a given authority. Behind one may stand those that it is traced to, for clients."`
	NodeCert       string   `env:"TLS_NODE_CERT" help:"One finished certificate for all nodes (common name node, good for the names of all their tasks), in PEM, or the path of a file with it, where the authority's key stays elsewhere. Its key goes to the nodes, so the API has to speak TLS."`
	NodeKey        Secret   `env:"TLS_NODE_KEY" help:"Its key in PEM, or the path of a file with it."`
	ClientCert     string   `env:"TLS_CLIENT_CERT" help:"Finished certificate of the SQL user root, in PEM, or the path of a file with it, with TLS_NODE_CERT: nodes and jobs act as that user."`
	ClientKey      Secret   `env:"TLS_CLIENT_KEY" help:"Its key in PEM, or the path of a file with it."`
	CALifetime     Duration `env:"TLS_CA_LIFETIME" envDefault:"87600h" min:"1h" max:"219000h" help:"How long an authority that the service makes is valid; 87600h is ten years."`
	NodeLifetime   Duration `env:"TLS_NODE_LIFETIME" envDefault:"2160h" min:"1m" max:"87600h" help:"How long certificates of nodes are valid; 2160h is 90 days. Each is renewed when a third is left. None outlives its authority."`
	ClientLifetime Duration `env:"TLS_CLIENT_LIFETIME" envDefault:"8760h" min:"1m" max:"87600h" help:"How long certificates of SQL users are valid at most; 8760h is a year. None outlives its authority."`
	Change         string   `env:"TLS_CHANGE" choices:"full-stop" help:"full-stop confirms that a change of TLS_ENABLED stops all nodes of a running cluster before the first starts again. Without it such a change is refused. Take it out afterwards."`
}

// leastPassphrase is how many characters a passphrase has at least: whoever reads the store can try as many as they like.
const leastPassphrase = 12

// The settings that hold PEM, and those that hold passphrases.
var (
	tlsTexts       = []string{"TLS_CA_CERT", "TLS_CA_KEY", "TLS_CA_EXTRA", "TLS_NODE_CERT", "TLS_NODE_KEY", "TLS_CLIENT_CERT", "TLS_CLIENT_KEY"}
	tlsPassphrases = []string{"TLS_CA_PASSPHRASE", "TLS_CA_FORMER_PASSPHRASE"}
)

// readTLS puts the texts of files in the places of their paths. No value is shown: one that is no path may be a key or a passphrase.
func readTLS(values map[string]string, read ReadFile, f *faults) {
	for _, name := range tlsTexts {
		if value := values[name]; value != "" && !isPEM(value) {
			text := fileOf(name, value, "is not PEM, and as a path it names no file that can be read", "give it in PEM, or the path of a file that holds it", values, read, f)
			if text != "" && !isPEM(text) {
				f.reject(name, "", "names a file that holds nothing in PEM", "name the file with the certificate or the key in PEM")
				delete(values, name)
			}
		}
	}
	for _, name := range tlsPassphrases {
		if value := values[name]; isPath(value) {
			text := fileOf(name, value, "looks like a path, and names no file that can be read", "name a file that holds the passphrase in its only line, or write the passphrase itself", values, read, f)
			if values[name] = strings.TrimSpace(text); values[name] == "" && !f.broken[name] {
				f.reject(name, "", "names a file that is empty", "put the passphrase into it")
			}
		}
	}
}

// fileOf reads the file of a setting in the place of its path.
func fileOf(name, path, problem, remedy string, values map[string]string, read ReadFile, f *faults) string {
	text, err := read(path)
	if err != nil {
		f.reject(name, "", problem+": "+reason(err), remedy)
		delete(values, name)
		return ""
	}
	values[name] = string(text)
	return string(text)
}

// isPath says that a passphrase is to be read from a file.
func isPath(value string) bool {
	return strings.HasPrefix(value, "/") || strings.HasPrefix(value, "./") || strings.HasPrefix(value, "secrets/")
}

// outside says that an authority or certificates were given.
func (t TLS) outside() bool {
	return t.CACert != "" || t.CAKey != "" || t.CAExtra != "" || t.NodeCert != "" || t.NodeKey != "" || t.ClientCert != "" || t.ClientKey != ""
}

// finished says that finished certificates were given.
func (t TLS) finished() bool {
	return t.NodeCert != "" || t.NodeKey != "" || t.ClientCert != "" || t.ClientKey != ""
}

// looked says that every text is there: a path whose file was not looked at is none.
func (t TLS) looked() bool {
	for _, text := range []string{t.CACert, string(t.CAKey), t.CAExtra, t.NodeCert, string(t.NodeKey), t.ClientCert, string(t.ClientKey)} {
		if text != "" && !isPEM(text) {
			return false
		}
	}
	return true
}

func (t TLS) check(f *faults) {
	const what = "set TLS_CA_PASSPHRASE to a secret of your own, or give an authority (TLS_CA_CERT with TLS_CA_KEY, or with finished certificates)"
	if bool(t.Enabled) && t.Passphrase == "" && !t.outside() && !f.broken["TLS_CA_CERT"] {
		f.add("TLS_CA_PASSPHRASE", "", "is needed with TLS_ENABLED: the key of the authority is kept in the store, encrypted under it", what)
	}
	for _, one := range []struct {
		name  string
		value Secret
	}{{"TLS_CA_PASSPHRASE", t.Passphrase}, {"TLS_CA_FORMER_PASSPHRASE", t.Former}} {
		if one.value != "" && !isPath(string(one.value)) && one.name == "TLS_CA_PASSPHRASE" && len([]rune(string(one.value))) < leastPassphrase {
			f.add(one.name, "***", fmt.Sprintf("has fewer than %d characters", leastPassphrase), "take a long random one, such as `openssl rand -hex 24` makes")
		}
	}
	if t.Former != "" && t.Passphrase == "" && !f.broken["TLS_CA_PASSPHRASE"] {
		f.add("TLS_CA_FORMER_PASSPHRASE", "", "is given without a new one", "set TLS_CA_PASSPHRASE to the new one, or to this one")
	}
	if t.CAKey != "" && t.finished() {
		f.add("TLS_CA_KEY", "", "is given, and finished certificates are too", "leave TLS_CA_KEY out, or TLS_NODE_CERT, TLS_NODE_KEY, TLS_CLIENT_CERT and TLS_CLIENT_KEY")
	}
	if t.outside() && t.CACert == "" {
		f.add("TLS_CA_CERT", "", "is needed with the other settings of a given authority", "give the certificate of the authority in PEM, or leave the others out")
	}
	if t.CACert != "" && t.CAKey == "" && !t.finished() && !f.broken["TLS_CA_KEY"] && !f.broken["TLS_NODE_CERT"] {
		f.add("TLS_CA_KEY", "", "is needed with TLS_CA_CERT, or finished certificates are", "give the authority's key, or TLS_NODE_CERT, TLS_NODE_KEY, TLS_CLIENT_CERT and TLS_CLIENT_KEY")
	}
}

// given is what the settings give, empty as long as a fault is known already or a file was not looked at.
func (s Settings) given(now time.Time, broken map[string]bool) (*certs.Outside, []tasks.Fault) {
	t := s.TLS
	whole := t.CACert != "" && (t.CAKey != "") != t.finished()
	for _, name := range tlsTexts {
		whole = whole && !broken[name]
	}
	if !whole || !t.looked() {
		return nil, nil
	}
	return certs.ReadOutside(certs.Given{Cert: t.CACert, Key: wire.Secret(t.CAKey), Extra: t.CAExtra, NodeCert: t.NodeCert, NodeKey: wire.Secret(t.NodeKey),
		ClientCert: t.ClientCert, ClientKey: wire.Secret(t.ClientKey), Names: s.nodeNames()}, now)
}

// nodeNames are the names of the nodes' tasks in DNS.
func (s Settings) nodeNames() []string {
	target := s.Target()
	var names []string
	pod := target.Pods[0]
	for index := range pod.Count {
		for _, spec := range pod.TasksOf(index) {
			names = append(names, target.Service.HostName(tasks.Pod{Type: pod.Type, Index: index}.Task(spec.Name)))
		}
	}
	return names
}

// checkGiven finds what is wrong with certificates and keys that were given. Their validity is what a date is needed for.
func (s Settings) checkGiven(f *faults, now time.Time) (warnings []string) {
	outside, found := s.given(now, f.broken)
	for _, fault := range found {
		f.add(fault.Field, fault.Value, fault.Message, fault.Remedy)
	}
	if outside != nil {
		return outside.Warnings(now)
	}
	return nil
}

// Certificates is how certificates are made. It is only meant for settings without faults.
func (s Settings) Certificates(now time.Time) certs.Settings {
	outside, _ := s.given(now, nil)
	return certs.Settings{Enabled: bool(s.TLS.Enabled), Service: s.Service.Name, Passphrase: wire.Secret(s.TLS.Passphrase), Former: wire.Secret(s.TLS.Former),
		Outside: outside, AuthorityLifetime: time.Duration(s.TLS.CALifetime), NodeLifetime: time.Duration(s.TLS.NodeLifetime),
		ClientLifetime: time.Duration(s.TLS.ClientLifetime)}
}

// warnings tells of what has no effect, and of what is meant for one change only.
func (t TLS) warnings() []string {
	var list []string
	if t.Change != "" {
		list = append(list, "TLS_CHANGE is set: a change of TLS_ENABLED stops all nodes without another question; take it out once the change is done.")
	}
	for _, one := range []struct {
		name string
		span Duration
	}{{"TLS_NODE_LIFETIME", t.NodeLifetime}, {"TLS_CLIENT_LIFETIME", t.ClientLifetime}} {
		if bool(t.Enabled) && !t.outside() && one.span > t.CALifetime {
			list = append(list, fmt.Sprintf("%s is longer than TLS_CA_LIFETIME: no certificate outlives its authority.", one.name))
		}
	}
	if bool(t.Enabled) && t.outside() && t.Passphrase != "" {
		list = append(list, "TLS_CA_PASSPHRASE has no effect with TLS_CA_CERT: the key of a given authority is not stored.")
	}
	if !bool(t.Enabled) && t.outside() {
		list = append(list, "TLS_CA_CERT and what belongs to it have no effect without TLS_ENABLED.")
	}
	return list
}
