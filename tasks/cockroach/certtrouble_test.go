package cockroach

import "testing"

// TestCertTrouble has what v20.1.5 and its clients print (T:11, T:11b).
func TestCertTrouble(t *testing.T) {
	for output, want := range map[string]string{
		"ERROR: SSL authentication error while connecting.\n\npq: node is running secure mode, SSL connection required\nFailed running \"sql\"": "the node is secure, and the command came without certificates",
		"ERROR: x509: cannot validate certificate for 127.0.0.1 because it doesn't contain any IP SANs\nFailed running \"sql\"":                 certName,
		"x509: certificate is valid for localhost, not node-1.example":                                                                          certName,
		"ERROR: x509: certificate signed by unknown authority (possibly because of \"crypto/rsa: verification error\")":                         "the certificate comes from an authority that this side does not trust",
		"ERROR: SSL authentication error while connecting.\n\nremote error: tls: bad certificate\nFailed running \"sql\"":                       certRefused,
		"warning: node not ready to perform cluster initialization: problem with client cert for user root: not found (retrying)":               "the folder of certificates has no usable certificate of the user root",
		"Enter password: ERROR: inappropriate ioctl for device":                                                                                 "no certificate of the user root was found or taken, and the database asks for a password",
		"ERROR: cannot load certificates.\n\nproblem with CA certificate: not found\nFailed running \"sql\"":                                    "the folder of certificates has no ca.crt",
		"failed to start server: problem using security settings: tls: private key does not match public key":                                   "key and certificate do not belong together",
		"error finding key for perm/client.root.crt: key file perm/client.root.key has permissions -rw-r--r--, exceeds -rwx------":              "others may read a key, so the database does not use it",
		"tls: first record does not look like a TLS handshake":                                                                                  "one side speaks TLS and the other does not: secure and insecure nodes cannot be in one cluster",
		"ERROR: cannot dial server.\nIs the server running?\n\ndial tcp 127.0.0.2:26551: connect: connection refused":                           "",
		"": "",
	} {
		if got := CertTrouble(output); got != want {
			t.Errorf("%q: %q, want %q", output, got, want)
		}
	}
}
