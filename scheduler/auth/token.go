package auth

import (
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// token is what a login gave. Its zero value has ended.
type token struct {
	text        secret
	began, ends time.Time
}

func (t token) valid(now time.Time) bool { return t.text != nil && now.Before(t.ends) }

// renewAt is the threshold before its end, but not in the first half of its life: a token that lives shorter than the
// threshold would be replaced with every request.
func (t token) renewAt(ahead time.Duration) time.Time {
	at, half := t.ends.Add(-ahead), t.began.Add(t.ends.Sub(t.began)/2)
	if at.Before(half) {
		return half
	}
	return at
}

// unknownLife is how long a token counts that does not say when it ends, or that by our clock ended before it came.
const unknownLife = 5 * time.Minute

// endOf reads when a token ends. Its signature is not ours to check: who gave it to us did so over a connection that we
// opened.
func endOf(text string, began time.Time) time.Time {
	var claims jwt.RegisteredClaims
	if _, _, err := jwt.NewParser().ParseUnverified(text, &claims); err != nil || claims.ExpiresAt == nil || !claims.ExpiresAt.After(began) {
		return began.Add(unknownLife)
	}
	return claims.ExpiresAt.Time
}
