package s3

import "strings"

// Kind is what went wrong, as far as somebody may want to branch on it.
type Kind string

// The kinds of faults.
const (
	// WrongKeys: the store knows no such access key, or the secret key (or session token) does not belong to it.
	WrongKeys Kind = "wrong keys"
	// Denied: the keys are good, and may not do this.
	Denied Kind = "denied"
	// NoRole: the keys were to come from the instance's role, and there is none.
	NoRole Kind = "no role"
	// NoBucket: there is no such bucket.
	NoBucket Kind = "no bucket"
	// WrongRegion: the bucket is in another region.
	WrongRegion Kind = "wrong region"
	// NoObject: there is no such object.
	NoObject Kind = "no object"
	// Unreachable: no connection, or none that lasts: name, port, certificate, network.
	Unreachable Kind = "unreachable"
	// Throttled: the store asked to slow down, again and again.
	Throttled Kind = "throttled"
	// Expired: the session token is past its time.
	Expired Kind = "expired"
	// ClockSkew: the clocks of this machine and of the store differ by too much.
	ClockSkew Kind = "clock skew"
	// Other: everything else. Problem has what the store said.
	Other Kind = "other"
)

// Error is one request that failed for good. It holds no key material and no error of the SDK.
type Error struct {
	Kind Kind `json:"kind"`
	// Op is what was attempted, a verb: "check", "write", "complete", "read", "list", "delete", "abort".
	Op string `json:"op"`
	// Bucket and Key say where; Key is empty for a whole bucket.
	Bucket string `json:"bucket"`
	Key    string `json:"key,omitempty"`
	// Problem says what is wrong, Remedy what to do about it. Remedy names flags of the command line.
	Problem string `json:"problem"`
	Remedy  string `json:"remedy,omitempty"`
}

// Error is the fault in one line.
func (e *Error) Error() string {
	text := e.Op + " s3://" + e.Bucket
	if e.Key != "" {
		text += "/" + e.Key
	}
	text += ": " + e.Problem
	if e.Remedy != "" {
		text += ". " + strings.ToUpper(e.Remedy[:1]) + e.Remedy[1:]
	}
	return text
}
