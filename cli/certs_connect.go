package cli

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/client"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/cluster"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/render"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

// unknownHost stands in connection strings where the service did not say where it is reached.
const unknownHost = "<host>:26257"

// clientFiles are the files of a client, by the names that the database looks for.
type clientFiles struct {
	dir, user string
	pkcs8     bool
}

func (f clientFiles) ca() string          { return filepath.Join(f.dir, "ca.crt") }
func (f clientFiles) certificate() string { return filepath.Join(f.dir, "client."+f.user+".crt") }
func (f clientFiles) key() string         { return filepath.Join(f.dir, "client."+f.user+".key") }
func (f clientFiles) javaKey() string     { return f.key() + ".pk8" }

// own are the files that belong to this user alone.
func (f clientFiles) own() []string {
	paths := []string{f.certificate(), f.key()}
	if f.pkcs8 {
		paths = append(paths, f.javaKey())
	}
	return paths
}

func (f clientFiles) with(certificate, ca string, key clientKey) []file {
	files := []file{
		{path: f.ca(), text: []byte(ca), mode: publicFile},
		{path: f.certificate(), text: []byte(certificate), mode: publicFile},
		{path: f.key(), text: key.pem(), mode: secretFile},
	}
	if f.pkcs8 {
		files = append(files, file{path: f.javaKey(), text: key.der, mode: secretFile})
	}
	return files
}

// otherCA refuses to replace a ca.crt that has other authorities: other files in the folder may need them. The same one may stay.
func otherCA(path, ca string) error {
	there, err := os.ReadFile(path)
	if err != nil || bytes.Equal(there, []byte(ca)) {
		return nil // putFiles says what is wrong with a file that cannot be read
	}
	return &cluster.Fault{Field: "--out", Value: path, Message: "is there already, with other authorities than the service has now",
		Remedy: "Name another folder, or overwrite it: --force."}
}

// sqlHost is where clients reach the database: the virtual address, or the first node where no DC/OS is asked, which alone has
// virtual addresses. What is not known is no failure: the files are written by then.
func (s *session) sqlHost(ctx context.Context) string {
	answer, err := s.ask(ctx, client.Path("endpoints", "pg"))
	if err == nil {
		endpoint, decodeErr := client.Decode[wire.Endpoint](answer)
		addresses := append([]string{endpoint.VIP}, slices.Concat(endpoint.DNS, endpoint.Address)...)
		if s.target.Direct {
			addresses = slices.Concat(endpoint.DNS, endpoint.Address, []string{endpoint.VIP})
		}
		for _, address := range addresses {
			if _, _, splitErr := net.SplitHostPort(address); splitErr == nil {
				return render.Text(address)
			}
		}
		if err = decodeErr; err == nil {
			return unknownHost
		}
	}
	s.note("The files are written. Where the database is reached could not be found: " + s.advise(err).text + ". See: " + s.program + " endpoints pg")
	return unknownHost
}

// describe says what was written and how to connect.
func (f clientFiles) describe(w io.Writer, issued wire.ClientIssued, host string, now time.Time) error {
	name, port, _ := net.SplitHostPort(host)
	lines := []string{fmt.Sprintf("The certificate for the SQL user %q expires %s.", f.user, render.Until(issued.NotAfter, now)), ""}
	files := append([]string{f.ca()}, f.own()...)
	for _, path := range files {
		lines = append(lines, "  "+path)
	}
	given := "sslmode=verify-full&sslrootcert=" + inURL(f.ca()) + "&sslcert=" + inURL(f.certificate()) + "&sslkey="
	lines = append(lines, "", "Connection string:", "  postgresql://"+f.user+"@"+host+"/defaultdb?"+given+inURL(f.key()))
	if f.pkcs8 {
		lines = append(lines, "", "For Java:", "  jdbc:postgresql://"+host+"/defaultdb?user="+f.user+"&"+given+inURL(f.javaKey()))
	}
	lines = append(lines, "", "With the database's own client:",
		"  cockroach sql --certs-dir="+shellWord(f.dir)+" --host="+name+" --port="+port+" --user="+f.user)
	_, err := io.WriteString(w, strings.Join(lines, "\n")+"\n")
	return err
}

// inURL is a path as a part of a query, with slashes, which need no escaping there. Drivers on Windows take slashes too.
func inURL(path string) string {
	return strings.NewReplacer("%2F", "/", "%3A", ":", "+", "%20").Replace(url.QueryEscape(filepath.ToSlash(path)))
}
