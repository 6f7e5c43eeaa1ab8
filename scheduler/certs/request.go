package certs

import (
	"crypto/x509"
	"fmt"
)

// maxRequest bounds a signing request in bytes; one with an RSA key of 8192 bits takes some 3,000.
const maxRequest = 16 << 10

// readRequest reads one signing request (PKCS #10, PEM) whose sender has the key. Its subject and its names do not count. The
// problem is what is wrong with it.
func readRequest(text string) (request *x509.CertificateRequest, problem string) {
	if len(text) > maxRequest {
		return nil, fmt.Sprintf("is larger than %d bytes", maxRequest)
	}
	found, problem := blocks(text)
	if problem != "" {
		return nil, problem
	}
	if len(found) != 1 || found[0].Type != requestBlock && found[0].Type != oldRequestBlock {
		return nil, "does not hold one signing request in PEM"
	}
	request, err := x509.ParseCertificateRequest(found[0].Bytes)
	if err != nil {
		return nil, fmt.Sprintf("holds a signing request that cannot be read (%v)", err)
	}
	if weak := weakness(request.PublicKey); weak != "" {
		return nil, weak
	}
	if err := request.CheckSignature(); err != nil {
		return nil, fmt.Sprintf("is not signed with its own key (%v)", err)
	}
	return request, ""
}

// requestRemedy is what to do about a signing request that is not taken.
const requestRemedy = "make a key of P-256, P-384 or RSA with 2048 bits or more, and a PKCS #10 request with it, in PEM"

func (f *Faults) request(field, text string) *x509.CertificateRequest {
	request, problem := readRequest(text)
	if problem != "" {
		f.add(field, "", problem, requestRemedy)
	}
	return request
}
