package config

import (
	"net/url"
	"slices"
	"strings"
)

// forbidden are the characters that Mesos' fetcher refuses in an address, and those that no address holds.
const forbidden = "\\'\" \t\r\n\x00"

// withHost are the schemes that need a host. All others (file, hdfs, s3a, …) are left to the fetcher's own plug-ins.
var withHost = []string{"http", "https", "ftp", "ftps"}

// fetchProblem says why Mesos' fetcher could not read an address; empty when it could
// (https://mesos.apache.org/documentation/latest/fetcher/).
func fetchProblem(uri string) string {
	parsed, err := url.Parse(uri)
	switch {
	case err != nil || strings.ContainsAny(uri, forbidden):
		return "is not an address"
	case parsed.Scheme == "" && !strings.HasPrefix(uri, "/"):
		return "names no scheme"
	case slices.Contains(withHost, parsed.Scheme) && parsed.Hostname() == "":
		return "names no host"
	case parsed.Scheme == "file" && !strings.HasPrefix(parsed.Path, "/"):
		return "names no absolute path"
	}
	return ""
}

// checkFetch notes what is wrong with an address that agents fetch, and says whether it can be used.
func (f *faults) checkFetch(field, uri string) bool {
	problem := fetchProblem(uri)
	if problem != "" {
		f.add(field, uri, problem, "write where the agents find the file, such as https://mirror.example.org/path/file or file:///path/file")
	}
	return problem == ""
}
