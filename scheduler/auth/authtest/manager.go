package authtest

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// loginPath is where logins are taken.
const loginPath = "/acs/api/v1/auth/login"

// longest is how far away the end of a login token may be.
const longest = 5 * time.Minute

// key is the one of all accounts, because making one takes long.
var key = sync.OnceValue(func() *rsa.PrivateKey {
	made, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return made
})

// Manager knows one account. Its zero value is not ready; see New.
type Manager struct {
	uid  string
	life time.Duration

	mu sync.Mutex
	// seal signs tokens; another one makes all former tokens void.
	seal     []byte
	answer   int
	logins   int
	refusals []string
}

// New is a manager whose tokens count for that long.
func New(uid string, life time.Duration) *Manager {
	m := &Manager{uid: uid, life: life}
	m.Revoke()
	return m
}

// PEM is the account's private key (PKCS #8), and KeyLines the lines between its head and foot: none may show anywhere.
func (m *Manager) PEM() string {
	text, err := x509.MarshalPKCS8PrivateKey(key())
	if err != nil {
		panic(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: text}))
}

// KeyLines are the lines of the key that are secret.
func (m *Manager) KeyLines() []string {
	lines := strings.Split(strings.TrimSpace(m.PEM()), "\n")
	return lines[1 : len(lines)-1]
}

// Credential is the account's secret as DC/OS makes it, with this address to log in at; empty leaves it out.
func (m *Manager) Credential(address string) string {
	fields := map[string]string{"scheme": "RS256", "uid": m.uid, "private_key": m.PEM()}
	if address != "" {
		fields["login_endpoint"] = address + loginPath
	}
	text, err := json.Marshal(fields)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// ServeHTTP takes logins.
func (m *Manager) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.logins++
	if m.answer != 0 {
		w.WriteHeader(m.answer)
		return
	}
	if err := m.proven(r); err != nil {
		m.refusals = append(m.refusals, err.Error())
		http.Error(w, `{"title": "Unauthorized"}`, http.StatusUnauthorized)
		return
	}
	text, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{"uid": m.uid, "exp": time.Now().Add(m.life).Unix()}).SignedString(m.seal)
	if err != nil {
		panic(err)
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]string{"token": text})
}

// proven holds a login to the protocol: its form, the signature, the claims and the end.
func (m *Manager) proven(r *http.Request) error {
	if r.Method != http.MethodPost || r.URL.Path != loginPath || r.Header.Get("Content-Type") != "application/json" {
		return fmt.Errorf("%s %s with %q", r.Method, r.URL.Path, r.Header.Get("Content-Type"))
	}
	if r.Header.Get("Authorization") != "" {
		return errors.New("a login brings no token")
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	var login map[string]string
	if err := json.Unmarshal(body, &login); err != nil {
		return err
	}
	if len(login) != 2 || login["uid"] != m.uid {
		return fmt.Errorf("a login of %d fields for %q", len(login), login["uid"])
	}
	claims := jwt.MapClaims{}
	_, err = jwt.ParseWithClaims(login["token"], claims, func(*jwt.Token) (any, error) { return &key().PublicKey, nil },
		jwt.WithValidMethods([]string{"RS256"}), jwt.WithExpirationRequired())
	if err != nil {
		return err
	}
	ends, err := claims.GetExpirationTime()
	if err != nil {
		return err
	}
	if len(claims) != 2 || claims["uid"] != m.uid || ends.After(time.Now().Add(longest)) {
		return fmt.Errorf("claims %v", claims)
	}
	return nil
}

// Admits tells whether a request brings a token that counts, as a master in strict mode would.
func (m *Manager) Admits(r *http.Request) bool {
	text, ok := strings.CutPrefix(r.Header.Get("Authorization"), "token=")
	if !ok {
		return false
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	_, err := jwt.Parse(text, func(*jwt.Token) (any, error) { return m.seal, nil },
		jwt.WithValidMethods([]string{"HS256"}), jwt.WithExpirationRequired())
	return err == nil
}

// Guard lets only requests with a token that counts through to next, and takes logins itself.
func (m *Manager) Guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == loginPath:
			m.ServeHTTP(w, r)
		case m.Admits(r):
			next.ServeHTTP(w, r)
		default:
			_, _ = io.Copy(io.Discard, r.Body)
			w.Header().Set("WWW-Authenticate", "acsjwt")
			w.WriteHeader(http.StatusUnauthorized)
		}
	})
}

// Revoke makes every token void that was given so far.
func (m *Manager) Revoke() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.seal = []byte(rand.Text())
}

// Answer makes every login fail with this status; 0 ends that.
func (m *Manager) Answer(status int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.answer = status
}

// Logins is how many were tried.
func (m *Manager) Logins() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.logins
}

// Refusals are what was wrong with the logins that broke the protocol.
func (m *Manager) Refusals() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.refusals)
}
