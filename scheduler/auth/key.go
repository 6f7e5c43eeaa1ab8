package auth

import (
	"crypto/x509"
	"encoding/pem"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// signer gives the function that makes login tokens of this account. A key that cannot sign is found here, and not
// at the first login.
func signer(uid, text string) (func(ends time.Time) (string, error), error) {
	if text == "" {
		return nil, fault(`has no "private_key"`, `add "private_key", the account's private key in PEM`)
	}
	const again = "give the private key of the account's key pair, in PEM and without a password: dcos security org service-accounts keypair"
	block, _ := pem.Decode([]byte(text))
	switch {
	case block == nil && strings.Contains(text, `\n`):
		return nil, fault(`has a "private_key" in which line ends are written as two characters, backslash and n`,
			`escape them once: in JSON a line end is \n`)
	case block == nil:
		return nil, fault(`has a "private_key" that is not PEM`, again)
	case block.Type == "ENCRYPTED PRIVATE KEY" || block.Headers["DEK-Info"] != "":
		return nil, fault(`has a "private_key" that is locked with a password`, again)
	case strings.Contains(block.Type, "PUBLIC KEY") || block.Type == "CERTIFICATE":
		return nil, fault(`has a public key or a certificate as its "private_key"`, again)
	}
	key, err := jwt.ParseRSAPrivateKeyFromPEM([]byte(text))
	if err != nil {
		if _, other := x509.ParsePKCS8PrivateKey(block.Bytes); other == nil || block.Type == "EC PRIVATE KEY" {
			return nil, fault(`has a "private_key" that is not of RSA`, again)
		}
		return nil, fault(`has a "private_key" that cannot be read`, again)
	}
	sign := func(ends time.Time) (string, error) {
		return jwt.NewWithClaims(jwt.SigningMethodRS256, jwt.MapClaims{"uid": uid, "exp": ends.Unix()}).SignedString(key)
	}
	if _, err := sign(time.Unix(0, 0)); err != nil {
		return nil, fault(`has a "private_key" that cannot sign: `+err.Error(), again)
	}
	return sign, nil
}
