package auth

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// Setting is the variable that brings the credential; faults name it.
const Setting = "DCOS_SERVICE_ACCOUNT_CREDENTIAL"

// LoginPath is where DC/OS takes logins.
const LoginPath = "/acs/api/v1/auth/login"

// Credential is a service account of DC/OS: who we are, and the key that proves it. Its zero value is none.
type Credential struct {
	// UID is the account's name, and the principal that the master knows it by.
	UID string
	// Endpoint is the URL to log in at; empty when the credential names none.
	Endpoint string
	// sign makes a login token that ends at the given time. The key is in here alone.
	sign func(ends time.Time) (string, error)
}

// String names the account and nothing else.
func (c Credential) String() string { return "service account " + c.UID }

// GoString does the same for %#v.
func (c Credential) GoString() string { return c.String() }

// file is a credential as `dcos security secrets create-sa-secret` writes it.
type file struct {
	UID      *string `json:"uid"`
	Key      *string `json:"private_key"`
	Endpoint string  `json:"login_endpoint"`
	Scheme   string  `json:"scheme"`
}

// IsPath tells a path from a credential itself. Whatever looks like JSON or a key counts as itself, however broken: a
// secret that was taken for a path would show in errors about files.
func IsPath(value string) bool {
	return !strings.HasPrefix(strings.TrimSpace(value), "{") && !strings.Contains(value, "-----") && !strings.ContainsAny(value, "\n\r\x00\"")
}

// Parse reads a credential. The error joins one tasks.Fault for each fault; none shows any part of the text.
func Parse(text string) (Credential, error) {
	var given file
	if err := json.Unmarshal([]byte(text), &given); err != nil {
		return Credential{}, fault("is not a credential: "+jsonTrouble(err),
			"give the JSON object that `dcos security secrets create-sa-secret` makes, or the path of a file that holds it")
	}
	var faults []error
	if given.Scheme != "" && given.Scheme != "RS256" {
		faults = append(faults, fault(`has a "scheme" other than RS256`, "make a service account with an RSA key pair: dcos security org service-accounts keypair"))
	}
	uid := trimmed(given.UID)
	switch {
	case uid == "":
		faults = append(faults, fault(`has no "uid"`, `add "uid", the name of the service account`))
	case strings.ContainsAny(uid, " \t\r\n"):
		faults = append(faults, fault(`has a "uid" with a blank in it`, `write "uid" as DC/OS shows the service account`))
	}
	sign, err := signer(uid, trimmed(given.Key))
	if err != nil {
		faults = append(faults, err)
	}
	if given.Endpoint != "" && !isEndpoint(given.Endpoint) {
		faults = append(faults, fault(`has a "login_endpoint" that is not a URL of http or https without user, query and fragment`,
			"write it as https://master.mesos"+LoginPath+", or leave it out"))
	}
	if err := errors.Join(faults...); err != nil {
		return Credential{}, err
	}
	return Credential{UID: uid, Endpoint: given.Endpoint, sign: sign}, nil
}

func trimmed(value *string) string {
	if value == nil {
		return ""
	}
	return strings.TrimSpace(*value)
}

func isEndpoint(text string) bool {
	endpoint, err := url.Parse(text)
	return err == nil && (endpoint.Scheme == "http" || endpoint.Scheme == "https") && endpoint.Hostname() != "" &&
		endpoint.User == nil && endpoint.RawQuery == "" && endpoint.Fragment == ""
}

// jsonTrouble says what is wrong without the text: the decoder's own words may hold a character or a number of it.
func jsonTrouble(err error) string {
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return fmt.Sprintf("not JSON from byte %d on", syntax.Offset)
	}
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) && kind.Field != "" {
		return fmt.Sprintf("%q is not a text", kind.Field)
	}
	return "not a JSON object"
}

// fault is one thing that is wrong with the credential, whose value is never shown.
func fault(message, remedy string) tasks.Fault {
	return tasks.Fault{Field: Setting, Value: hidden, Message: message, Remedy: remedy}
}
