package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/client"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/cluster"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/render"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

// clientOptions are the flags of "certs client".
type clientOptions struct {
	out               string
	lifetime          time.Duration
	pkcs8, rsa, force bool
}

func certsClient(s *session) *cobra.Command {
	var o clientOptions
	c := &cobra.Command{
		Use:   "client <user>",
		Short: "Make a client certificate for a SQL user",
		Long: `Make a key on this machine, have the service sign a certificate for it, and write what a
client needs into the folder --out: ca.crt, client.<user>.crt and client.<user>.key. The key
leaves this machine at no time. All files are written, or none.

The certificate proves who the user is; the user has to exist too (CREATE USER), and has
the rights that were granted. Whoever has a certificate for root may do everything.

How to connect with it goes to stdout.`,
		Example: "  " + s.program + " certs client maxroach --out certs\n" +
			"  " + s.program + " certs client maxroach --out certs --lifetime 720h --pkcs8",
		Args:              oneName("name of the SQL user"),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(c *cobra.Command, args []string) error {
			if o.out == "" {
				return &usageError{"the folder --out is missing"}
			}
			err := errors.Join(checkUser(args[0]), checkLifetime(o.lifetime, c.Flags().Changed("lifetime")))
			if err != nil {
				return err
			}
			return s.makeClient(c.Context(), args[0], o)
		},
	}
	flags := c.Flags()
	flags.StringVarP(&o.out, "out", "o", "", "`folder` for the files; it is made when it is not there")
	flags.DurationVar(&o.lifetime, "lifetime", 0, "`time` until the certificate expires, such as 720h (standard: the longest that the service's settings allow)")
	flags.BoolVar(&o.pkcs8, "pkcs8", false, "write client.<user>.key.pk8 too, the key as drivers of Java want it (DER)")
	flags.BoolVar(&o.rsa, "rsa", false, "make an RSA key, for drivers that know no keys on elliptic curves")
	flags.BoolVar(&o.force, "force", false, "overwrite files that are there")
	_ = c.RegisterFlagCompletionFunc("out", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return nil, cobra.ShellCompDirectiveFilterDirs
	})
	return c
}

// makeClient makes a key, has it certified and writes the files. The folder is tried before anything is asked for.
func (s *session) makeClient(ctx context.Context, user string, o clientOptions) (err error) {
	dir, err := filepath.Abs(o.out)
	if err != nil {
		return notWritable("--out", o.out, err)
	}
	made := clientFiles{dir, user, o.pkcs8}
	if !o.force {
		if err := notThereYet("--out", made.own()...); err != nil {
			return err
		}
	}
	known, err := s.secureService(ctx)
	if err == nil {
		err = s.signs(known)
	}
	if err != nil {
		return err
	}
	undo, err := makeFolder(dir)
	if err != nil {
		return notWritable("--out", o.out, err)
	}
	defer func() {
		if err != nil {
			undo()
		}
	}()
	key, err := makeKey(o.rsa)
	if err != nil {
		return err
	}
	answer, issued, err := s.certify(ctx, user, key, o.lifetime)
	if err != nil {
		return err
	}
	certificate, ca, err := checkIssued(issued, user, key)
	if err != nil {
		return fmt.Errorf("check what the scheduler sent: %w", err)
	}
	if !o.force {
		if err := otherCA(made.ca(), ca); err != nil {
			return err
		}
	}
	if err := putFiles(made.with(certificate, ca, key)); err != nil {
		return notWritable("--out", o.out, err)
	}
	if s.json {
		return s.printJSON(answer)
	}
	host := s.sqlHost(ctx)
	return s.print(func(w io.Writer) error { return made.describe(w, issued, host, answer.Date) })
}

// signs says whether the service can sign anything: one that was given finished certificates cannot.
func (s *session) signs(known wire.Certificates) error {
	for _, one := range known.Authorities {
		if one.Signs {
			return nil
		}
	}
	remedy := "See what it waits for: " + s.program + " why"
	if known.Source == render.SourcePair {
		remedy = "The service was given finished certificates (TLS_NODE_CERT): have those who made them make one for the user."
	}
	return &cluster.Fault{Field: "authority", Message: "the service has none that it could sign with", Remedy: remedy}
}

// certify sends the signing request.
func (s *session) certify(ctx context.Context, user string, key clientKey, lifetime time.Duration) (client.Answer, wire.ClientIssued, error) {
	var issued wire.ClientIssued
	request, err := key.request(user)
	if err != nil {
		return client.Answer{}, issued, err
	}
	c, err := s.connect()
	if err != nil {
		return client.Answer{}, issued, err
	}
	answer, err := c.Post(ctx, client.Path("certificates", "client"),
		wire.ClientRequest{User: user, Request: request, Lifetime: int64((lifetime + time.Second - 1) / time.Second)}, http.StatusBadRequest)
	if err != nil {
		err = meaning(err, http.StatusConflict, "the scheduler signs nothing now", "Try again; see how it is: "+s.program+" certs list")
		err = meaning(err, http.StatusServiceUnavailable, "the scheduler could not sign the certificate", "See what the answer names, and: "+s.program+" why")
		return answer, issued, s.noCertificates(err)
	}
	if answer.Status == http.StatusBadRequest {
		return answer, issued, refusedJob(c, answer)
	}
	issued, err = client.Decode[wire.ClientIssued](answer)
	return answer, issued, err
}
