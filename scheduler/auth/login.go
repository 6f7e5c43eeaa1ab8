package auth

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const (
	// loginLife is how long a login token counts. It is used once, and as short as clocks of different machines allow.
	loginLife = 2 * time.Minute
	// loginTime bounds one login.
	loginTime = 10 * time.Second
	// answerSize is how much of an answer is read, in bytes.
	answerSize = 64 << 10
)

// LoginError says why a login failed. It holds neither key nor token, nor anything that the server wrote: what
// a stranger at that address answers may be the request itself.
type LoginError struct {
	// UID and Endpoint say who logged in where.
	UID, Endpoint string
	// Status is the answer's, 0 when there was none.
	Status int
	// Problem is what went wrong otherwise.
	Problem string
	// Cause is the error of the connection, nil when there was an answer.
	Cause error
}

func (e *LoginError) Error() string {
	problem := e.Problem
	if problem == "" {
		problem = fmt.Sprintf("it answered %d %s", e.Status, http.StatusText(e.Status))
	}
	return fmt.Sprintf("service account %s cannot log in at %s: %s; %s", e.UID, e.Endpoint, problem, e.remedy())
}

func (e *LoginError) Unwrap() error { return e.Cause }

func (e *LoginError) remedy() string {
	switch {
	case e.Cause != nil:
		return "check the credential's login_endpoint, that this machine reaches it, and for https DCOS_CA_FILE"
	case e.Status == http.StatusUnauthorized:
		return "check that the account exists and has the public key of this private key, and that the clocks of both machines agree"
	case e.Status == http.StatusForbidden:
		return "check that the account may log in, and that nothing on the way refuses the request"
	case e.Status >= 300 && e.Status < 400, e.Status == http.StatusNotFound, e.Status == http.StatusMethodNotAllowed, e.Status == http.StatusOK:
		return "check the credential's login_endpoint: it is https://<master>" + LoginPath + " most often"
	case e.Status == http.StatusBadRequest:
		return "check the account's uid and key"
	}
	return "it is tried again; look at the log of DC/OS' identity manager if it lasts"
}

// login asks once for a token.
func login(ctx context.Context, client *http.Client, account Credential) (token, error) {
	fail := func(status int, problem string, cause error) (token, error) {
		return token{}, &LoginError{UID: account.UID, Endpoint: account.Endpoint, Status: status, Problem: problem, Cause: cause}
	}
	began := time.Now()
	proof, err := account.sign(began.Add(loginLife))
	if err != nil {
		return fail(0, "signing failed", err)
	}
	body, err := json.Marshal(map[string]string{"uid": account.UID, "token": proof})
	if err != nil {
		return fail(0, "writing the request failed", err)
	}
	ctx, cancel := context.WithTimeout(ctx, loginTime)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, account.Endpoint, bytes.NewReader(body))
	if err != nil {
		return fail(0, "the address is not a URL", err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("User-Agent", "dcos-cockroachdb")
	response, err := client.Do(request)
	if err != nil {
		return fail(0, trouble(ctx, err), err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fail(response.StatusCode, "", nil)
	}
	var answer struct {
		Token string `json:"token"`
	}
	if err := json.NewDecoder(io.LimitReader(response.Body, answerSize)).Decode(&answer); err != nil || !printable(answer.Token) {
		return fail(response.StatusCode, "it answered 200 without a token", nil)
	}
	return token{text: secretOf(answer.Token), began: began, ends: endOf(answer.Token, began)}, nil
}

// trouble is what is wrong with a connection, without our own port, which changes with each try.
func trouble(ctx context.Context, err error) string {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return fmt.Sprintf("no answer within %s", loginTime)
	}
	// url.Error repeats method and address.
	var failed *url.Error
	if errors.As(err, &failed) {
		err = failed.Err
	}
	text := err.Error()
	var op *net.OpError
	if errors.As(err, &op) && op.Source != nil {
		text = strings.ReplaceAll(text, op.Source.String()+"->", "")
	}
	return text
}

// printable keeps what cannot stand in a header out of it.
func printable(text string) bool {
	return text != "" && !strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' })
}
