package config

import (
	"errors"
	"fmt"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"
)

// A claim is what one setting says about the database's version.
type claim struct {
	field   string
	value   string
	version cockroach.Version
	// err says that the setting names no version; only COCKROACH_VERSION has to.
	err error
}

// claims are what the given settings say, the one that counts first.
func (d Database) claims() []claim {
	var list []claim
	if d.Version != "" {
		version, err := cockroach.Parse(d.Version)
		if err != nil {
			// Packages of 2017 put the folder's name there.
			if named, errName := cockroach.VersionFromName(d.Version); errName == nil {
				version, err = named, nil
			}
		}
		list = append(list, claim{"COCKROACH_VERSION", d.Version, version, err})
	}
	if d.Dir != "" {
		version, err := cockroach.VersionFromName(d.Dir)
		list = append(list, claim{"COCKROACH_DIR", d.Dir, version, err})
	}
	if d.URI != "" {
		version, err := cockroach.VersionFromURI(d.URI)
		list = append(list, claim{"COCKROACH_URI", d.URI, version, err})
	}
	return list
}

// errNoVersion says that an archive was named and nothing tells its version.
var errNoVersion = errors.New("nothing tells the version of this archive")

// version is the database's version and the setting that it comes from: COCKROACH_VERSION, else the folder's name,
// else the archive's, else the default.
func (d Database) version() (cockroach.Version, claim, error) {
	for _, one := range d.claims() {
		if one.err == nil {
			return one.version, one, nil
		}
		if one.field == "COCKROACH_VERSION" {
			return cockroach.Version{}, one, one.err
		}
	}
	if d.URI != "" {
		return cockroach.Version{}, claim{field: "COCKROACH_URI", value: d.URI}, errNoVersion
	}
	return cockroach.DefaultVersion, claim{}, nil
}

func (d Database) checkVersion(f *faults) {
	version, from, err := d.version()
	switch {
	case errors.Is(err, errNoVersion):
		// An address that cannot be used at all has a fault of its own.
		if fetchProblem(d.URI) == "" {
			f.add(from.field, from.value, err.Error(), "set COCKROACH_VERSION to it, such as "+cockroach.DefaultVersion.String())
		}
	case err != nil:
		f.add(from.field, from.value, "is not a version of CockroachDB", "write it as "+cockroach.DefaultVersion.String())
	default:
		if err := version.Supported(); err != nil {
			f.add(from.field, from.value, err.Error(), "set COCKROACH_VERSION, COCKROACH_DIR and COCKROACH_URI to a supported release")
		}
	}
}

// disagreements tells of settings that name another version than the one that counts.
func (d Database) disagreements() []string {
	var list []string
	version, from, _ := d.version()
	for _, other := range d.claims() {
		if other.err == nil && other.version != version {
			list = append(list, fmt.Sprintf("%s says %s and %s says %s: the nodes are started as %s; make them agree.",
				from.field, version, other.field, other.version, version))
		}
	}
	return list
}
