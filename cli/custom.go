package cli

import "github.com/spf13/pflag"

// custom are the three flags by which plug-ins of the SDK choose among the clusters of dcos (dcos-sdk.md, 7.1). Scripts know
// them; they stand for the variables of dcos that people use, and win over them.
type custom struct{ cluster, dir, config string }

func (c *custom) register(flags *pflag.FlagSet) {
	flags.StringVar(&c.cluster, "custom-cluster-name", "", "`name` of the cluster (DCOS_CLUSTER)")
	flags.StringVar(&c.dir, "custom-config-dir", "", "`folder` of dcos (DCOS_DIR)")
	flags.StringVar(&c.config, "custom-cluster-config", "", "`file` of dcos 0.4 (DCOS_CONFIG)")
	for _, name := range []string{"custom-cluster-name", "custom-config-dir", "custom-cluster-config"} {
		flags.Lookup(name).Hidden = true
	}
}

// environ is the environment with these flags in it. One of them names a cluster in dcos' files, so the address that dcos found
// for the attached one counts no more, and what belongs to that with it.
func (s *session) environ(name string) (string, bool) {
	given := map[string]string{"DCOS_CLUSTER": s.custom.cluster, "DCOS_DIR": s.custom.dir, "DCOS_CONFIG": s.custom.config}
	if value := given[name]; value != "" {
		return value, true
	}
	if s.custom != (custom{}) {
		switch name {
		case "DCOS_URL", "DCOS_DCOS_URL", "DCOS_ACS_TOKEN", "DCOS_DCOS_ACS_TOKEN", "DCOS_TLS_INSECURE", "DCOS_TLS_CA_PATH", "DCOS_SSL_VERIFY":
			return "", false
		}
	}
	return s.env(name)
}
