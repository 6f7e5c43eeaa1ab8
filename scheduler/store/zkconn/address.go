package zkconn

import (
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
)

// DefaultPort is used for a server that is written without one.
const DefaultPort = "2181"

const remedyAddress = "write it as zk://host:port,host:port or zk://host:port/path"

// Address is a parsed zk:// URL.
type Address struct {
	// Servers are "host:port", never empty, in the order written.
	Servers []string
	// Chroot is the path that everything is under, "" or "/a/b" without a slash at the end.
	Chroot string
}

// String writes the address as a URL again, with the default port filled in.
func (a Address) String() string {
	return "zk://" + strings.Join(a.Servers, ",") + a.Chroot
}

// Join puts parts under the chroot: Join("a", "b") is "/chroot/a/b".
func (a Address) Join(parts ...string) string {
	return a.Chroot + "/" + strings.Join(parts, "/")
}

// AddressError is one fault of a zk:// URL. ParseAddress joins one for each fault (errors.Join).
type AddressError struct {
	// Value is the part that is wrong. It never holds a password.
	Value   string
	Problem string
	Remedy  string
}

func (e *AddressError) Error() string {
	return fmt.Sprintf("ZooKeeper address %q: %s; %s", e.Value, e.Problem, e.Remedy)
}

// ParseAddress reads zk://host:port,host:port[/chroot]. All faults are reported at once, as joined *AddressError.
func ParseAddress(raw string) (Address, error) {
	rest, ok := strings.CutPrefix(raw, "zk://")
	if !ok {
		return Address{}, &AddressError{redact(raw), "does not start with zk://", remedyAddress}
	}
	hosts, path, hasPath := strings.Cut(rest, "/")
	if strings.Contains(hosts, "@") {
		return Address{}, &AddressError{redact(raw), "user and password in the address are not supported",
			"remove everything before the @; the service needs no ZooKeeper account"}
	}
	var a Address
	var faults []error
	for _, h := range strings.Split(hosts, ",") {
		server, err := parseServer(h)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		a.Servers = append(a.Servers, server)
	}
	if hasPath && strings.Trim(path, "/") != "" {
		a.Chroot = "/" + strings.TrimSuffix(path, "/")
		if problem := pathProblem(a.Chroot); problem != "" {
			faults = append(faults, &AddressError{a.Chroot, problem, "use letters, digits and . _ - between single slashes"})
		}
	}
	if len(faults) > 0 {
		return Address{}, errors.Join(faults...)
	}
	return a, nil
}

func parseServer(s string) (string, error) {
	if s == "" {
		return "", &AddressError{s, "has an empty host", remedyAddress}
	}
	host, port, err := net.SplitHostPort(s)
	if err != nil {
		// No port: the default one. An IPv6 address has to stand in brackets, or its last group would pass as a port.
		host, port = strings.Trim(s, "[]"), DefaultPort
		if strings.Contains(host, ":") && !strings.HasPrefix(s, "[") {
			return "", &AddressError{s, "has more than one colon", "write an IPv6 address in brackets, as [::1]:2181"}
		}
	}
	var faults []error
	if host == "" || strings.ContainsAny(host, " \t\r\n?#\\") {
		faults = append(faults, &AddressError{s, "has no valid host name", remedyAddress})
	}
	if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 {
		faults = append(faults, &AddressError{s, fmt.Sprintf("port %q is not a number from 1 to 65535", port), remedyAddress})
	}
	if len(faults) > 0 {
		return "", errors.Join(faults...)
	}
	return net.JoinHostPort(host, port), nil
}

// pathProblem says what is wrong with an absolute znode path, or "".
func pathProblem(path string) string {
	for _, seg := range strings.Split(path[1:], "/") {
		switch {
		case seg == "":
			return "the path has an empty part"
		case seg == "." || seg == "..":
			return "the path has a part that is only dots"
		case strings.ContainsFunc(seg, func(r rune) bool { return r <= ' ' || r == 0x7f || r == '?' || r == '#' || r == '\uFFFD' }):
			return "the path has a character that is not allowed"
		}
	}
	return ""
}

// redact keeps what stands before an @ (a user and password) out of messages.
func redact(raw string) string {
	at := strings.LastIndex(raw, "@")
	if at < 0 {
		return raw
	}
	scheme, _, ok := strings.Cut(raw, "://")
	if !ok {
		return "***" + raw[at:]
	}
	return scheme + "://***" + raw[at:]
}
