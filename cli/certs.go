package cli

import (
	"context"
	"fmt"
	"io"
	"net/http"

	"github.com/spf13/cobra"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/client"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/cluster"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/render"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

func newCerts(s *session) *cobra.Command {
	return group(&cobra.Command{
		Use:     "certs",
		Aliases: []string{"cert", "certificates"},
		Short:   "Show, renew and make the certificates of a secure service",
	}, certsList(s), certsShowCA(s), certsRotate(s), certsClient(s))
}

func certsList(s *session) *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "List authorities and certificates, with what expires when",
		Long: `List the authorities that the service trusts, the certificates of its nodes, and those
that were made for SQL users and have not expired, with the time at which the service
renews each by itself (due). Below the table: how far a change of the authority is, and
what expires soon. Nothing of it is secret.`,
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			answer, known, err := s.certificates(c.Context())
			if err != nil {
				return err
			}
			if s.json {
				return s.printJSON(answer)
			}
			if !known.Secure {
				s.note("The service is not secure: its nodes speak without TLS.")
			}
			return s.print(func(w io.Writer) error { return render.Certificates(w, known, answer.Date, s.program) })
		},
	}
}

func certsShowCA(s *session) *cobra.Command {
	var out string
	var force bool
	c := &cobra.Command{
		Use:   "show-ca",
		Short: "Print the certificates of the authorities that clients are to trust",
		Long: `Print the certificates of all trusted authorities in PEM, the newest first: what
clients have as sslrootcert or ca.crt. During a change of the authority it is more than
one. It is never JSON.`,
		Example: "  " + s.program + " certs show-ca --out ca.crt",
		Args:    noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			if c.Flags().Changed("out") && !force {
				if err := notThereYet("--out", out); err != nil {
					return err
				}
			}
			text, err := s.authorities(c.Context())
			if err != nil {
				return err
			}
			if !c.Flags().Changed("out") {
				return s.printText(text)
			}
			if err := putFiles([]file{{path: out, text: []byte(text), mode: publicFile}}); err != nil {
				return notWritable("--out", out, err)
			}
			return s.printText(out + " has been written.\n")
		},
	}
	c.Flags().StringVarP(&out, "out", "o", "", "write to this `file` in place of the terminal")
	c.Flags().BoolVar(&force, "force", false, "overwrite the file when it is there")
	return c
}

// certificates asks what the scheduler knows of certificates.
func (s *session) certificates(ctx context.Context) (client.Answer, wire.Certificates, error) {
	answer, err := s.ask(ctx, client.Path("certificates"))
	if err != nil {
		return answer, wire.Certificates{}, s.noCertificates(err)
	}
	known, err := client.Decode[wire.Certificates](answer)
	return answer, known, err
}

// secureService asks for the certificates of a service that has to be secure, or to have an authority: before the nodes of a running
// one are stopped for TLS, its clients can have their certificates.
func (s *session) secureService(ctx context.Context) (wire.Certificates, error) {
	_, known, err := s.certificates(ctx)
	if err == nil && !known.Secure && len(known.Authorities) == 0 {
		err = &cluster.Fault{Field: "TLS_ENABLED", Value: "false", Message: "the service is not secure, so there are no certificates to speak of",
			Remedy: "Set TLS_ENABLED=true (the option tls.enabled of the package); a service that runs already is stopped for it, see docs/secure-cluster.md."}
	}
	return known, err
}

// authorities is the text of ca.crt.
func (s *session) authorities(ctx context.Context) (string, error) {
	if _, err := s.secureService(ctx); err != nil {
		return "", err
	}
	answer, err := s.ask(ctx, client.Path("certificates", "ca"))
	if err != nil {
		return "", meaning(err, http.StatusNotFound, "the service has no authority yet", "See what it waits for: "+s.program+" why")
	}
	text, err := answer.Text()
	if err != nil {
		return "", err
	}
	found, err := parseCertificates([]byte(text))
	if err != nil {
		return "", fmt.Errorf("read the authorities that the scheduler sent: %w", err)
	}
	return encodeCertificates(found), nil
}

// noCertificates words a scheduler that knows nothing of certificates.
func (s *session) noCertificates(err error) error {
	try := "Update the service: " + s.program + " version shows what runs."
	err = meaning(err, http.StatusNotImplemented, "this scheduler has no certificates", try)
	return meaning(err, http.StatusNotFound, "the scheduler knows no certificates: it is older than this plug-in", try)
}
