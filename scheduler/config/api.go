package config

import (
	"net"
	"net/netip"
)

// API says where the scheduler listens and is reached.
type API struct {
	Port      Port   `env:"PORT_API" min:"1" max:"65535" help:"Port of the scheduler's HTTP API. Empty means PORT0."`
	Port0     Port   `env:"PORT0" min:"1" max:"65535" help:"Port given by Marathon; used when PORT_API is not set."`
	Advertise string `env:"API_ADVERTISE" help:"host:port at which tasks reach the API. Empty means the virtual address api.<service>.marathon.<VIP_TLD>:80."`
}

func (a API) check(f *faults) {
	if a.Port == 0 && a.Port0 == 0 && !f.broken["PORT0"] {
		f.add("PORT_API", "", "is not set, so there is no port for the API", "set it to a free port (Marathon sets it from the port named api)")
	}
	if a.Advertise == "" {
		return
	}
	host, port, err := net.SplitHostPort(a.Advertise)
	var number Port
	if err != nil || !isHost(host) || number.UnmarshalText([]byte(port)) != nil || number == 0 {
		f.add("API_ADVERTISE", a.Advertise, "is not host:port", "write the address at which agents reach this scheduler, such as 10.0.0.5:8090")
	}
}

func isHost(text string) bool {
	_, err := netip.ParseAddr(text)
	return err == nil || domainName.MatchString(text)
}

// port is the port to listen on: PORT_API, else PORT0.
func (a API) port() uint64 {
	if a.Port != 0 {
		return uint64(a.Port)
	}
	return uint64(a.Port0)
}
