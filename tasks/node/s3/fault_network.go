package s3

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
)

// judgeNetwork judges what kept a request from an answer.
func (c *Client) judgeNetwork(err error) *Error {
	result := &Error{Kind: Unreachable, Remedy: "check --s3-endpoint and the network between the agents and the store"}
	var authority x509.UnknownAuthorityError
	var hostname x509.HostnameError
	var certificate *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	var name *net.DNSError
	var op *net.OpError
	var timeout net.Error
	var whole *url.Error
	if errors.As(err, &whole) {
		err = whole.Err // the rest of it is the request's address
	}
	switch {
	case errors.As(err, &authority):
		result.Problem = "the certificate of " + c.host + " is of an authority that is not known here"
		result.Remedy = "give that authority's certificate with --ca-file"
	case errors.As(err, &hostname):
		result.Problem = "the certificate of " + c.host + " is for another name: " + hostname.Error()
		result.Remedy = "write --s3-endpoint as the certificate has it; with the bucket in the host name, try --s3-path-style"
	case errors.As(err, &certificate):
		result.Problem = "the certificate of " + c.host + " is not valid: " + certificate.Err.Error()
		result.Remedy = "renew the store's certificate"
	case errors.As(err, &record), errors.Is(err, http.ErrSchemeMismatch):
		result.Problem = c.host + " does not speak TLS"
		result.Remedy = "write --s3-endpoint with http:// if that is meant"
	case errors.As(err, &name):
		result.Problem = "the name " + name.Name + " does not resolve"
		result.Remedy = "check --s3-endpoint and --region; where the bucket is not part of the host name, give --s3-path-style"
	case errors.As(err, &op) && op.Op == "dial":
		result.Problem = "no connection to " + c.host + ": " + op.Err.Error()
	case errors.As(err, &timeout) && timeout.Timeout():
		result.Problem = "the connection to " + c.host + " stood still"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		result.Problem = "the connection to " + c.host + " was cut, at every try"
	default:
		result.Problem = "the connection to " + c.host + " failed"
		if err != nil {
			result.Problem += ": " + err.Error()
		}
	}
	return result
}
