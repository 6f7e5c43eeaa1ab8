package cockroach

import (
	"fmt"
	"net"
	"strconv"
)

// Address is a host and a TCP port. An empty Host means "all addresses" when listening. IPv6 hosts carry no brackets here.
type Address struct {
	Host string
	Port int
}

// ParseAddress reads host:port or [ipv6]:port. Both parts must be there; the port is 1 to 65535.
func ParseAddress(text string) (Address, error) {
	host, portText, err := net.SplitHostPort(text)
	if err != nil {
		return Address{}, fmt.Errorf("%q is not host:port: %w", text, err)
	}
	port, err := strconv.ParseUint(portText, 10, 16)
	if err != nil || port == 0 {
		return Address{}, fmt.Errorf("%q is not host:port: the port must be a number from 1 to 65535", text)
	}
	if host == "" {
		return Address{}, fmt.Errorf("%q is not host:port: the host is missing", text)
	}
	return Address{Host: host, Port: int(port)}, nil
}

// String is host:port, with brackets round an IPv6 host.
func (a Address) String() string { return net.JoinHostPort(a.Host, strconv.Itoa(a.Port)) }

// Dial is the address at which a process of the same container reaches a listener on a: loopback when it listens on all.
func (a Address) Dial() Address {
	if a.Host == "" {
		return Address{Host: "127.0.0.1", Port: a.Port}
	}
	return a
}
