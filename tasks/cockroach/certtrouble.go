package cockroach

import "strings"

// certTroubles are texts of the database, its clients and Go's TLS about certificates, and what each means for whoever runs the
// cluster. The first that is found counts: a client prints the reason and then what it thinks of it. Source: T:11, T:11b.
var certTroubles = []struct{ text, means string }{
	{"node is running secure mode", "the node is secure, and the command came without certificates"},
	{"first record does not look like a TLS handshake", "one side speaks TLS and the other does not: secure and insecure nodes cannot be in one cluster"},
	{"doesn't contain any IP SANs", certName},
	{"x509: certificate is valid for ", certName},
	{"x509: certificate is not valid for any names", certName},
	{"x509: cannot validate certificate for ", certName},
	{"certificate signed by unknown authority", "the certificate comes from an authority that this side does not trust"},
	{"certificate has expired or is not yet valid", "the certificate has expired, or a clock is wrong"},
	{"tls: expired certificate", "the certificate has expired, or a clock is wrong"},
	{"tls: bad certificate", certRefused},
	{"tls: unknown certificate authority", certRefused},
	{"tls: certificate required", certRefused},
	{"problem with client cert for user root: not found", "the folder of certificates has no usable certificate of the user root"},
	{"problem with CA certificate: not found", "the folder of certificates has no ca.crt"},
	{"private key does not match public key", "key and certificate do not belong together"},
	{", exceeds -rwx------", "others may read a key, so the database does not use it"},
	{"Enter password:", "no certificate of the user root was found or taken, and the database asks for a password"},
	{"inappropriate ioctl for device", "no certificate of the user root was found or taken, and the database asks for a password"},
	{"cannot load certificates", "the folder of certificates is not complete"},
}

const (
	certName    = "the certificate lacks the name or address that was dialled"
	certRefused = "the other side does not take the certificate: it has expired, or comes from an authority that is not trusted there"
)

// CertTrouble explains an output or message that speaks of certificates, and is empty for any other.
func CertTrouble(output string) string {
	for _, t := range certTroubles {
		if strings.Contains(output, t.text) {
			return t.means
		}
	}
	return ""
}

// What a node's log says after SIGHUP: that it read its folder of certificates, or that it could not and goes on with those it had
// (T:11; cockroachdb-versions.md, 5.3).
const (
	ReloadDone   = "successfully reloaded certificates"
	ReloadFailed = "could not reload certificates"
)
