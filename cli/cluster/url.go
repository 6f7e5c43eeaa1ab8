package cluster

import (
	"net/url"
	"strings"
)

// cleanURL checks a base URL and takes off the "/" and "#" that browsers leave
// at its end (sdk: cli/client/http.go trims the same two).
func cleanURL(field, address string) (string, error) {
	trimmed := strings.TrimRight(strings.TrimSpace(address), "/#")
	fault := func(shown, message string) error {
		return &Fault{field, shown, message, "Give a URL such as http://host:port."}
	}
	if trimmed == "" {
		return "", fault(address, "is empty")
	}
	u, err := url.Parse(trimmed)
	if err != nil {
		// The parser's error repeats the address, password and all.
		return "", fault("(not shown)", "is not a URL")
	}
	switch {
	case u.Scheme != "http" && u.Scheme != "https":
		return "", fault(u.Redacted(), "does not start with http:// or https://")
	case u.Hostname() == "":
		return "", fault(u.Redacted(), "names no host")
	case u.RawQuery != "" || u.Fragment != "":
		return "", fault(u.Redacted(), "has parts after the path, from ? or # on")
	}
	return trimmed, nil
}
