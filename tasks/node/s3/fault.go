package s3

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go/aws/awserr"
	"github.com/aws/aws-sdk-go/aws/request"
)

// place is what was attempted, and where.
type place struct{ op, bucket, key string }

func (p place) String() string {
	return strings.TrimSuffix(p.op+" s3://"+p.bucket+"/"+p.key, "/")
}

// fault turns whatever the SDK returns into an *Error, or, when the context has ended, into the context's own reason.
func (c *Client) fault(ctx context.Context, at place, err error) error {
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		if own := (*Error)(nil); errors.As(context.Cause(ctx), &own) {
			return own
		}
		return fmt.Errorf("%s: %w", at, context.Cause(ctx))
	}
	if own := (*Error)(nil); errors.As(err, &own) {
		return own
	}
	result := c.judge(err)
	result.Op, result.Bucket, result.Key = at.op, at.bucket, at.key
	result.Problem, result.Remedy = c.scrub(result.Problem), c.scrub(result.Remedy)
	return result
}

// judge says what an error means. The codes are those of "Error responses" in the Amazon S3 API Reference.
func (c *Client) judge(err error) *Error {
	failure, ok := err.(awserr.Error)
	if !ok {
		return c.judgeNetwork(err)
	}
	status, region := 0, ""
	if answered, ok := err.(awserr.RequestFailure); ok {
		status = answered.StatusCode()
	}
	if told, ok := err.(answer); ok {
		region = told.region
	}
	if result := byCode(failure, region); result != nil {
		return result
	}
	switch code := failure.Code(); {
	case code == request.ErrCodeSerialization && status != 0 && status < 500:
		return &Error{Kind: Other, Problem: fmt.Sprintf("what answers (HTTP %d) does not speak S3", status),
			Remedy: "check --s3-endpoint: the port, and http or https"}
	case code == request.ErrCodeRequestError, code == request.ErrCodeRead, code == request.ErrCodeResponseTimeout,
		code == request.ErrCodeSerialization && status < 500:
		return c.judgeNetwork(failure.OrigErr())
	}
	return c.byStatus(failure, status, region)
}

// byStatus judges by the number of the answer, where the code says nothing.
func (c *Client) byStatus(failure awserr.Error, status int, region string) *Error {
	said := failure.Code()
	if failure.Message() != "" {
		said += ": " + failure.Message()
	}
	switch status {
	case http.StatusMovedPermanently, http.StatusTemporaryRedirect:
		return wrongRegion(region)
	case http.StatusUnauthorized, http.StatusForbidden:
		return &Error{Kind: Denied, Problem: "the keys may not do this (" + said + ")",
			Remedy: "allow it in the policy of the keys' owner, or of the role with --iam, and in the bucket's policy"}
	case http.StatusNotFound:
		if failure.Code() != "NotFound" {
			break
		}
		return noObject()
	case http.StatusServiceUnavailable, http.StatusTooManyRequests:
		return throttled()
	case http.StatusBadGateway, http.StatusGatewayTimeout:
		return &Error{Kind: Unreachable, Remedy: "look at the store, then try again",
			Problem: fmt.Sprintf("a gateway in front of %s cannot reach the store (HTTP %d)", c.host, status)}
	case http.StatusInternalServerError:
		return &Error{Kind: Other, Remedy: "look at the store, then try again",
			Problem: "the store has a fault of its own, at every try: " + said}
	}
	return &Error{Kind: Other, Problem: "the store refuses: " + said}
}

func noObject() *Error {
	return &Error{Kind: NoObject, Problem: "there is no such object", Remedy: "check the folder and the name (backup list shows them)"}
}

func wrongRegion(region string) *Error {
	result := &Error{Kind: WrongRegion, Problem: "the bucket is in another region", Remedy: "name the bucket's own with --region"}
	if region != "" {
		result.Problem, result.Remedy = "the bucket is in the region "+region, "say --region "+region
	}
	return result
}

func throttled() *Error {
	return &Error{Kind: Throttled, Problem: "the store asks to slow down, at every try", Remedy: "try again later"}
}
