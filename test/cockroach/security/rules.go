package security

import (
	"crypto/x509"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"syscall"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/version"
)

// Rules are what a folder is read by.
type Rules struct {
	Version version.Version
	// AnyMode is COCKROACH_SKIP_KEY_PERMISSION_CHECK.
	AnyMode bool
	// Principals is --cert-principal-map, each name:user.
	Principals []string
}

// mayRead holds the rule about modes of keys: nobody but the owner, and from 21.2
// on the group may read a key of root's when this process is in the group.
func (r Rules) mayRead(path string, fi fs.FileInfo) error {
	limit := fs.FileMode(0o700)
	if st, ok := fi.Sys().(*syscall.Stat_t); ok && r.Version.AtLeast(21, 2, 0) && st.Uid == 0 && os.Geteuid() != 0 && inGroup(int(st.Gid)) {
		limit = 0o740
	}
	if mode := fi.Mode().Perm(); !r.AnyMode && mode&^limit != 0 {
		return fmt.Errorf("key file %s has permissions %s, exceeds %s", path, mode, limit)
	}
	return nil
}

func inGroup(id int) bool {
	all, err := os.Getgroups()
	return id == os.Getegid() || (err == nil && slices.Contains(all, id))
}

// PrincipalsOf gives the users that a certificate is for.
func (r Rules) PrincipalsOf(c *x509.Certificate) []string {
	names := []string{c.Subject.CommonName}
	if r.Version.AtLeast(20, 1, 0) {
		names = append(names, c.DNSNames...)
	}
	for i, n := range names {
		for _, pair := range r.Principals {
			if at := strings.LastIndex(pair, ":"); at > 0 && pair[:at] == n {
				names[i] = pair[at+1:]
			}
		}
	}
	return names
}

// belongs says that a certificate is not for the user it is to be for.
func (r Rules) belongs(c *x509.Certificate, user, kind string) error {
	names := r.PrincipalsOf(c)
	if slices.Contains(names, user) {
		return nil
	}
	return fmt.Errorf("%s certificate has principals %q, expected %q", kind, names, user)
}
