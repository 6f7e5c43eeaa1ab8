package cluster

import (
	"strconv"
)

// TLS says how the certificate of the cluster is checked. The zero value checks
// it against the authorities this machine trusts.
type TLS struct {
	Insecure bool   // no check at all
	CAFile   string // PEM file with the authorities to trust instead
	Direct   bool   // the file is of the scheduler, and not of a cluster
}

// tls reads what dcos 0.7 and later sets (DCOS_TLS_INSECURE, DCOS_TLS_CA_PATH),
// then core.ssl_verify: false, true, or the path of a file.
func (s settings) tls() (TLS, error) {
	if value, _ := s.env("DCOS_TLS_INSECURE"); value != "" {
		insecure, err := strconv.ParseBool(value)
		if err != nil {
			return TLS{}, &Fault{"DCOS_TLS_INSECURE", value, "is neither true nor false", "Give 1 to skip the check of certificates, or remove it."}
		}
		if insecure {
			return TLS{Insecure: true}, nil
		}
	}
	if path, _ := s.env("DCOS_TLS_CA_PATH"); path != "" {
		return TLS{CAFile: path}, nil
	}
	value, _, _ := s.get("core", "ssl_verify", "DCOS_SSL_VERIFY")
	if value == "" {
		return TLS{}, nil
	}
	if verify, err := strconv.ParseBool(value); err == nil {
		return TLS{Insecure: !verify}, nil
	}
	return TLS{CAFile: value}, nil
}
