package s3

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go/aws/awserr"
	"github.com/aws/aws-sdk-go/aws/client"
	"github.com/aws/aws-sdk-go/aws/request"
)

// retryer is the SDK's (exponential waits with jitter; 5xx, throttling, cut connections) with three changes: a certificate that
// is not trusted stays so, given keys that have expired stay so, and no Retry-After is endless.
type retryer struct {
	client.DefaultRetryer
	longest time.Duration
	// renewed says that expired keys are replaced by new ones: those of an instance's role.
	renewed bool
}

func (t tuning) retryer(retries int, renewed bool) retryer {
	return retryer{
		DefaultRetryer: client.DefaultRetryer{
			NumMaxRetries: retries,
			MinRetryDelay: t.first, MaxRetryDelay: t.most,
			MinThrottleDelay: t.slowed, MaxThrottleDelay: t.most,
		},
		longest: 2 * t.most,
		renewed: renewed,
	}
}

// RetryRules is the wait before the next try.
func (r retryer) RetryRules(req *request.Request) time.Duration {
	return min(r.DefaultRetryer.RetryRules(req), r.longest)
}

// ShouldRetry says whether another try can help.
func (r retryer) ShouldRetry(req *request.Request) bool {
	if req.IsErrorExpired() && !r.renewed {
		return false
	}
	var fault awserr.Error
	if errors.As(req.Error, &fault) && untrusted(fault.OrigErr()) {
		return false
	}
	return r.DefaultRetryer.ShouldRetry(req)
}

// untrusted tells faults of TLS that are the same at the next try.
func untrusted(err error) bool {
	var verification *tls.CertificateVerificationError
	var authority x509.UnknownAuthorityError
	var hostname x509.HostnameError
	var record tls.RecordHeaderError
	return errors.As(err, &verification) || errors.As(err, &authority) || errors.As(err, &hostname) || errors.As(err, &record) ||
		errors.Is(err, http.ErrSchemeMismatch)
}

// hasty is for a check that somebody waits for: enough tries for a hiccup, too few for a wrong address to take long.
func hasty(req *request.Request) {
	if r, ok := req.Retryer.(retryer); ok {
		r.NumMaxRetries = min(r.NumMaxRetries, 3)
		req.Retryer = r
	}
}
