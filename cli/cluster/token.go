package cluster

// Token is the secret that DC/OS gave the user at login. Printing it by
// accident, in any format, shows a placeholder.
type Token struct{ secret string }

// NewToken wraps a secret; the empty one stands for none.
func NewToken(secret string) Token { return Token{secret} }

// Reveal gives the secret itself, for the Authorization header alone.
func (t Token) Reveal() string { return t.secret }

// Empty says that there is no token.
func (t Token) Empty() bool { return t.secret == "" }

// String hides the secret from %v and %s.
func (t Token) String() string {
	if t.Empty() {
		return "no token"
	}
	return "token hidden"
}

// GoString hides the secret from %#v.
func (t Token) GoString() string { return t.String() }
