package cockroach

import (
	"fmt"
	"net/url"
	"path"
	"regexp"
	"strings"
)

// BinaryName is the file inside an archive that is the database.
const BinaryName = "cockroach"

// archiveName matches names of published archives and of the folder inside them. The version stands between "cockroach-"
// and ".<system>-<architecture>"; packers leave the system out now and then.
var archiveName = regexp.MustCompile(`(?:^|[^A-Za-z0-9])cockroach-(v?\d+\.\d+\.\d+(?:-(?:alpha|beta|rc)[0-9.]*\d)?)(?:$|[.\-_][A-Za-z])`)

// VersionFromName reads the version out of an archive or folder name: cockroach-v24.1.6.linux-amd64[.tgz].
func VersionFromName(name string) (Version, error) {
	found := archiveName.FindStringSubmatch(path.Base(strings.TrimRight(name, "/")))
	if found == nil {
		return Version{}, fmt.Errorf("no CockroachDB version in the name %q: expected something like cockroach-v24.1.6.linux-amd64.tgz", name)
	}
	return Parse(found[1])
}

// VersionFromURI reads the version out of the last part of a download address; query and fragment do not count.
func VersionFromURI(uri string) (Version, error) {
	parsed, err := url.Parse(uri)
	if err != nil {
		return Version{}, fmt.Errorf("the address %q cannot be read: %w", uri, err)
	}
	name := parsed.Path
	if name == "" {
		name = parsed.Opaque
	}
	return VersionFromName(name)
}

// FolderName is the one top folder inside the published archive of v.
func FolderName(v Version) string { return fmt.Sprintf("cockroach-%s.linux-amd64", v) }

// ArchiveName is the file name of the published archive of v.
func ArchiveName(v Version) string { return FolderName(v) + ".tgz" }

// VendorURI is where the vendor offers (or offered) v; see VendorOffer for whether it still does.
func VendorURI(v Version) string { return "https://binaries.cockroachdb.com/" + ArchiveName(v) }

// ArchiveFromURI is the file name under which the Mesos fetcher stores what it downloads: the last part of the path.
func ArchiveFromURI(uri string) (string, error) {
	parsed, err := url.Parse(uri)
	if err != nil {
		return "", fmt.Errorf("the address %q cannot be read: %w", uri, err)
	}
	name := path.Base(parsed.Path)
	if name == "." || name == "/" {
		return "", fmt.Errorf("the address %q names no file: it must end with an archive or binary, like .../%s", uri, ArchiveName(DefaultVersion))
	}
	return name, nil
}
