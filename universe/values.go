package universe

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/config"
)

// values are what the sources of the package are filled with.
type values struct {
	// Package is the package's version, <release>-<database>, both without v; Database the database's, without v.
	Package  string
	Database string
	// URL is where our files are served, ArchiveURI where the database's archive is.
	URL        string
	ArchiveURI string
	// ArchiveSHA256 is empty when the archive was not at hand.
	ArchiveSHA256 string
	UpgradesFrom  []string
	DowngradesTo  []string
	// sums are SHA-256 sums in hexadecimal, by file name.
	sums map[string]string
}

// versionForm is what the Universe takes for a version of a package (package-schema.json).
var versionForm = regexp.MustCompile(`^[-a-zA-Z0-9.]+$`)

// plainURL is an address that needs no escaping in JSON and no quoting for Mesos' fetcher.
var plainURL = regexp.MustCompile(`^https?://[-A-Za-z0-9._~:/?#@!$&()*+,;=%\[\]]+$`)

// javas are the versions of the Java-based packages, and whether the scheduler can take their services over: it cannot run the
// releases of CockroachDB before v2.0, and takes over only what it can run (scheduler/takeover).
var javas = map[string]bool{"1.0.0-1.0.2": false, "1.1.3-1.1.3": false, "1.1.7-1.1.7": false,
	"2.0.0-2.0.0": true, "2.0.0-2.0.1": true, "2.0.1-2.0.1": true, "2.1.4": true}

// values checks the arguments.
func (b Build) values() (values, []string, error) {
	database := strings.TrimPrefix(b.Database, "v")
	v := values{Package: strings.TrimPrefix(b.Release, "v") + "-" + database, Database: database, URL: b.URL,
		UpgradesFrom: append([]string{}, b.UpgradesFrom...), DowngradesTo: append([]string{}, b.DowngradesTo...)}
	var faults []error
	if b.Release == "" || !versionForm.MatchString(v.Package) {
		faults = append(faults, fmt.Errorf("release %q: the version of a package holds letters, digits, dashes and dots; "+
			"give a release such as v1.0.0", b.Release))
	}
	if parsed, err := url.Parse(b.URL); err != nil || parsed.Host == "" || !plainURL.MatchString(b.URL) || strings.HasSuffix(b.URL, "/") {
		faults = append(faults, fmt.Errorf("url %q: is not the address of a folder; write it as http://mirror.example.org/cockroachdb, "+
			"without a slash at its end", b.URL))
	}
	faults = append(faults, checkVersions("upgrades-from", false, b.UpgradesFrom)...)
	faults = append(faults, checkVersions("downgrades-to", true, b.DowngradesTo)...)
	uri, warnings, err := b.archive()
	if err != nil {
		faults = append(faults, err)
	}
	v.ArchiveURI = uri
	return v, warnings, errors.Join(faults...)
}

// checkVersions refuses * because it holds Java-based packages that cannot be taken over: DC/OS would offer an update that the
// scheduler refuses to start with. The way back to any of them leads through `takeover undo`: a Java scheduler that is started
// on our state takes it for none, and would install a second service on the same agents.
func checkVersions(name string, back bool, versions []string) (faults []error) {
	for _, version := range versions {
		takenOver, java := javas[version]
		switch {
		case back && (java || version == "*"):
			faults = append(faults, fmt.Errorf("%s %q: the packages up to 2.1.4 ran a Java scheduler, which cannot read this one's state; "+
				"name versions of this package", name, version))
		case version == "*" || java && !takenOver:
			faults = append(faults, fmt.Errorf("%s %q: the packages up to 1.1.7 ran CockroachDB before v2.0, which cannot be taken over; "+
				"name versions of this package, or Java-based ones from 2.0.0-2.0.0 on", name, version))
		case !versionForm.MatchString(version):
			faults = append(faults, fmt.Errorf("%s %q: is not the version of a package; write it as 1.0.0-24.1.6", name, version))
		}
	}
	return faults
}

// archive asks the scheduler's own settings where the archive is, and whether the scheduler can run it.
func (b Build) archive() (string, []string, error) {
	environ := []string{"PORT_API=1", "COCKROACH_VERSION=" + b.Database}
	if b.Archive != "" {
		if info, err := os.Stat(b.Archive); err != nil || !info.Mode().IsRegular() {
			return "", nil, fmt.Errorf("archive %q: is not a file that can be read; name the archive of CockroachDB %s, or leave it out",
				b.Archive, b.Database)
		}
		if name := filepath.Base(b.Archive); !plainURL.MatchString("http://host/" + name) {
			return "", nil, fmt.Errorf("archive %q: its name would have to be escaped in an address; rename it", name)
		}
		environ = append(environ, "COCKROACH_URI="+b.URL+"/"+filepath.Base(b.Archive))
	}
	parsed := config.Parse(environ, time.Time{})
	var faults []error
	for _, fault := range parsed.Faults {
		faults = append(faults, fmt.Errorf("database %s=%q: %s; %s", fault.Field, fault.Value, fault.Message, fault.Remedy))
	}
	if len(faults) > 0 || b.Database == "" {
		return "", nil, errors.Join(append(faults, needDatabase(b.Database))...)
	}
	// The first of a node's downloads is the database's archive, as the target has it.
	for _, uri := range parsed.Settings.Target().Pods[0].URIs {
		if uri.Artifact == "" {
			return uri.Value, parsed.Warnings, nil
		}
	}
	return "", nil, errors.New("the scheduler's target names no archive of the database; this is a mistake of the builder")
}

func needDatabase(database string) error {
	if database != "" {
		return nil
	}
	return errors.New("database: is not set; name a release such as v24.1.6")
}
