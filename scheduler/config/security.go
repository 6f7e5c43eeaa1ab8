package config

import (
	"errors"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/auth"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// Security says how the scheduler proves who it is, and whom it believes.
type Security struct {
	Credential Secret   `env:"DCOS_SERVICE_ACCOUNT_CREDENTIAL" help:"Service account of DC/OS that the scheduler logs in with: its JSON (uid, private_key, login_endpoint, scheme RS256), or the path of a file that holds it, from the working directory or MESOS_SANDBOX. Empty means no login, for masters in permissive or disabled security mode."`
	Refresh    Duration `env:"AUTH_TOKEN_REFRESH_THRESHOLD_S" envDefault:"30s" min:"1s" max:"1h" help:"How long before its end a login token is replaced, yet not before half of its life is over."`
	TLS        Flag     `env:"MESOS_TLS" envDefault:"false" help:"Whether masters that are found in ZooKeeper are spoken to over TLS, as strict security mode demands. Of masters that are named by URL the URL says it."`
	CAFile     string   `env:"DCOS_CA_FILE" help:"File with the CA certificates, in PEM, that masters and the login endpoint must be certified by. Empty means the system's and, where it is there, the sandbox's .ssl/ca-bundle.crt, which DC/OS Enterprise puts there."`
}

// Account is the service account to log in with, and false without one. It is only meant for settings without faults. A
// credential that names no endpoint gets that of the leading master.
func (s Settings) Account() (auth.Credential, bool) {
	account, err := s.Security.account()
	if err != nil || account.UID == "" {
		return auth.Credential{}, false
	}
	if account.Endpoint == "" {
		scheme := "http"
		if s.Mesos.secure(s.Security) {
			scheme = "https"
		}
		account.Endpoint = scheme + "://master.mesos" + auth.LoginPath
	}
	return account, true
}

// account is nobody for a path: whose file was not looked at.
func (s Security) account() (auth.Credential, error) {
	if s.Credential == "" || auth.IsPath(string(s.Credential)) {
		return auth.Credential{}, nil
	}
	return auth.Parse(string(s.Credential))
}

func (s Security) check(f *faults, m Mesos) {
	_, err := s.account()
	for _, one := range leaves(err) {
		var fault tasks.Fault
		if errors.As(one, &fault) {
			f.add(auth.Setting, fault.Value, fault.Message, fault.Remedy)
		}
	}
	if bool(s.TLS) && strings.Contains(m.Master, "http://") {
		f.add("MESOS_TLS", "true", "asks for TLS, and MESOS_MASTER names a master by http", "write https:// in MESOS_MASTER, or leave MESOS_TLS out")
	}
}

// secure tells whether every master is spoken to over TLS.
func (m Mesos) secure(s Security) bool {
	if strings.HasPrefix(m.Master, "zk://") {
		return bool(s.TLS)
	}
	return !strings.Contains(m.Master, "http://")
}

// warnSecurity tells of what a master in strict mode refuses, and of tokens in the clear.
func (s Settings) warnSecurity() []string {
	account, err := s.Security.account()
	if s.Security.Credential == "" || err != nil {
		return nil
	}
	var list []string
	if given := s.Service.Principal; given != "" && account.UID != "" && given != account.UID {
		list = append(list, "FRAMEWORK_PRINCIPAL is "+given+" and the service account is "+account.UID+
			": a master that checks tokens refuses a framework whose principal is not its account.")
	}
	if !s.Mesos.secure(s.Security) {
		list = append(list, "DCOS_SERVICE_ACCOUNT_CREDENTIAL is set and the master is spoken to without TLS: whoever reads the network can use the token "+
			"until it ends; set MESOS_TLS=true, or write https:// in MESOS_MASTER, where the masters speak TLS.")
	}
	return list
}
