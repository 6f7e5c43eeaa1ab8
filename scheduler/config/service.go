package config

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
)

// Service says who the service is.
type Service struct {
	Name      string `env:"FRAMEWORK_NAME" envDefault:"cockroachdb" help:"Name of the service. It may be a path (/team/crdb). Role, principal, names and stored state hang on it, so it never changes."`
	User      string `env:"FRAMEWORK_USER" envDefault:"root" help:"User that the tasks run as on the agents. It never changes, because the data belongs to it."`
	Principal string `env:"FRAMEWORK_PRINCIPAL" help:"Principal of the framework and its reservations. Empty means the uid of the service account, or <name>-principal without one. It never changes."`
	WebURL    string `env:"FRAMEWORK_WEB_URL" help:"Link shown by Mesos for the framework."`
	Uninstall string `env:"SDK_UNINSTALL" blank:"set" help:"Removes the service with all its data, whatever the value: tasks, volumes and reservations, the framework, and the stored state. There is no way back. Of the other settings only FRAMEWORK_NAME, MESOS_MASTER, STATE_STORE, those of security, and those of the API's port and access have to be valid then. See docs/uninstall.md."`
}

// namePart is what a part of a service's name may be, so that role, DNS name and ZooKeeper path can be made of it.
var namePart = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]*[a-z0-9])?$`)

// userName is what Linux takes for a user (useradd(8)); it goes to the agents as it is.
var userName = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.-]*$`)

func (s Service) check(f *faults) {
	const field = "FRAMEWORK_NAME"
	if strings.Contains(s.Name, "__") {
		f.add(field, s.Name, "contains two underscores, which stand for a slash in the role", "choose a name without them")
	}
	for part := range strings.SplitSeq(strings.Trim(s.Name, "/"), "/") {
		if !namePart.MatchString(part) {
			f.add(field, s.Name, fmt.Sprintf("part %q cannot be part of a DNS name", part),
				"use small letters, digits and dashes, as in cockroachdb or /team/crdb")
		}
	}
	if length := len(strings.ReplaceAll(s.Name, "/", "")); length > maxLabel {
		f.add(field, s.Name, fmt.Sprintf("is %d characters long, and a DNS label holds %d", length, maxLabel), "choose a shorter name")
	}
	if !userName.MatchString(s.User) {
		f.add("FRAMEWORK_USER", s.User, "is not a name of a user", "write a user that exists on every agent, such as root")
	}
	if strings.ContainsAny(s.Principal, " \t\r\n") {
		f.add("FRAMEWORK_PRINCIPAL", s.Principal, "contains a blank", "write the principal as the master knows it")
	}
	if s.WebURL != "" {
		if link, err := url.Parse(s.WebURL); err != nil || link.Host == "" || (link.Scheme != "http" && link.Scheme != "https") {
			f.add("FRAMEWORK_WEB_URL", s.WebURL, "is not a link", "write it as https://host/path")
		}
	}
}
