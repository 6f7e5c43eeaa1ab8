package cli

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/display"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/security"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/wire"
)

// making reads the flags of the commands that make certificates.
func (c *session) making(lifetime time.Duration) (security.Making, error) {
	m := security.Making{
		Folder: c.certsDir(), CAKey: c.p.Text("ca-key", c.Env("COCKROACH_CA_KEY")), Lifetime: c.p.Duration("lifetime", lifetime),
		Overwrite: c.p.Bool("overwrite"), Reuse: c.p.Bool("allow-ca-key-reuse"),
	}
	var err error
	if m.Bits, err = strconv.Atoi(c.p.Text("key-size", "2048")); err != nil {
		return m, fmt.Errorf("invalid argument for --key-size: %w", err)
	}
	if m.CAKey == "" {
		return m, errors.New("the path to the CA key is required")
	}
	return m, nil
}

// certsDir is the folder of the cert commands.
func (c *session) certsDir() string {
	if env := c.Env("COCKROACH_CERTS_DIR"); env != "" {
		return c.p.Text("certs-dir", env)
	}
	return c.p.Text("certs-dir", c.defaultCerts())
}

// createCA is `cert create-ca` and `cert create-client-ca`.
func (c *session) createCA(context.Context) error {
	file, what := "ca.crt", "CA"
	if c.p.Command == "cert create-client-ca" {
		file, what = "ca-client.crt", "client CA"
	}
	m, err := c.making(security.CALifetime)
	if err == nil {
		err = m.MakeCA(file)
	}
	if err != nil {
		return fmt.Errorf("failed to generate %s cert and key: %w", what, err)
	}
	return nil
}

// createNode is `cert create-node`.
func (c *session) createNode(context.Context) error {
	if len(c.p.Args) == 0 {
		return errors.New("create-node requires at least one host name or address, none was specified")
	}
	m, err := c.making(security.CertLifetime)
	if err == nil {
		err = m.MakeNode(c.p.Args)
	}
	if err != nil {
		return fmt.Errorf("failed to generate node certificate and key: %w", err)
	}
	return nil
}

var userName = regexp.MustCompile(`^[a-z_0-9][-a-z_0-9.]{0,62}$`)

// createClient is `cert create-client`.
func (c *session) createClient(context.Context) error {
	const failed = "failed to generate client certificate and key: "
	user := strings.ToLower(c.p.Args[0])
	if !userName.MatchString(user) {
		return &wire.Fault{
			SQLState: "42602", Message: failed + fmt.Sprintf("username %q invalid", user),
			Hint: "Usernames are case insensitive, must start with a letter, digit or underscore, may contain letters, digits, dashes, periods, or underscores, and must not exceed 63 characters.",
		}
	}
	m, err := c.making(security.CertLifetime)
	if err == nil {
		err = m.MakeClient(user, c.p.Bool("also-generate-pkcs8-key"))
	}
	if err != nil {
		return fmt.Errorf(failed+"%w", err)
	}
	return nil
}

// certList is `cert list`: the files in the order of their use.
func (c *session) certList(context.Context) error {
	f, err := c.clientFiles(c.certsDir())
	if err != nil {
		return fmt.Errorf("could not get certificates list: %w", err)
	}
	fmt.Fprintf(c.Out, "Certificate directory: %s\n", f.Path)
	slices.SortStableFunc(f.Files, func(a, b *security.File) int { return int(a.Usage) - int(b.Usage) })
	var rows [][]string
	for _, x := range f.Files {
		expires, fault := "", ""
		if !x.Expires.IsZero() {
			expires = x.Expires.UTC().Format("2006/01/02")
		}
		if x.Err != nil {
			fault = x.Err.Error()
		}
		rows = append(rows, []string{x.Usage.String(), x.Name, x.KeyName, expires, notes(x), fault})
	}
	return display.Write(c.Out, c.format(), []string{"Usage", "Certificate File", "Key File", "Expires", "Notes", "Error"}, rows)
}

// notes tell of a file's contents.
func notes(x *security.File) string {
	switch x.Usage {
	case security.Node, security.UI:
		if x.Err != nil {
			return "addresses: <unknown>"
		}
		names := slices.Clone(x.Certs[0].DNSNames)
		for _, ip := range x.Certs[0].IPAddresses {
			names = append(names, ip.String())
		}
		return "addresses: " + strings.Join(names, ",")
	case security.Client:
		if x.Err != nil {
			return "user: <unknown>"
		}
		return "user: " + x.User
	}
	return fmt.Sprintf("num certs: %d", len(x.Certs))
}
