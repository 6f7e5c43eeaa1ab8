package cli

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/cluster"
)

// readCA gives the certificates of a file in PEM, and nothing else that stands in it. An empty path is none. Errors:
// *cluster.Fault.
func (s *session) readCA(c *cobra.Command, path string) (string, error) {
	if !c.Flags().Changed("ca-file") {
		return "", nil
	}
	fault := func(message string) (string, error) {
		return "", &cluster.Fault{Field: "--ca-file", Value: path, Message: message, Remedy: "Name a PEM file with the CA certificate of the store."}
	}
	text, err := s.read(path)
	if err != nil {
		var at *os.PathError
		if errors.As(err, &at) {
			err = at.Err
		}
		return fault("cannot be read: " + err.Error())
	}
	var certificates strings.Builder
	for {
		var block *pem.Block
		if block, text = pem.Decode(text); block == nil {
			break
		}
		if strings.Contains(block.Type, "PRIVATE KEY") {
			return fault("holds a private key, which must not leave this machine")
		}
		if block.Type != "CERTIFICATE" {
			continue
		}
		if _, err := x509.ParseCertificate(block.Bytes); err != nil {
			return fault("holds a certificate that cannot be read: " + err.Error())
		}
		// Without headers and without the text between blocks.
		certificates.Write(pem.EncodeToMemory(&pem.Block{Type: block.Type, Bytes: block.Bytes}))
	}
	if certificates.Len() == 0 {
		return fault("holds no certificate in PEM form")
	}
	return certificates.String(), nil
}
