package mesos

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
)

// masterInfo is the part of a master's announcement that says where it is. Mesos-go's own type is not used, because its
// JSON fails on names of capabilities that it does not know.
type masterInfo struct {
	Hostname string `json:"hostname"`
	Port     int    `json:"port"`
	Address  struct {
		Hostname string `json:"hostname"`
		IP       string `json:"ip"`
		Port     int    `json:"port"`
	} `json:"address"`
}

// masterURL is where the announced master serves the scheduler API: at its IP for http, at its host name for https,
// because certificates are made for names.
func masterURL(data []byte, tls bool) (*url.URL, error) {
	var info masterInfo
	if err := json.Unmarshal(data, &info); err != nil {
		return nil, fmt.Errorf("the announced master is not readable as JSON: %w", err)
	}
	host, scheme := first(info.Address.IP, info.Address.Hostname, info.Hostname), "http"
	if tls {
		host, scheme = first(info.Address.Hostname, info.Hostname, info.Address.IP), "https"
	}
	port := info.Address.Port
	if port == 0 {
		port = info.Port
	}
	if host == "" || port < 1 || port > 65535 {
		return nil, errors.New("the announced master names no address and port")
	}
	return &url.URL{Scheme: scheme, Host: net.JoinHostPort(host, strconv.Itoa(port)), Path: apiPath}, nil
}

func first(values ...string) string {
	for _, value := range values {
		if value != "" {
			return value
		}
	}
	return ""
}
