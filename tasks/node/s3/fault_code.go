package s3

import (
	"strings"

	"github.com/aws/aws-sdk-go/aws/awserr"
)

// byCode judges by what the store calls the error; nil where that says nothing.
func byCode(failure awserr.Error, region string) *Error {
	switch failure.Code() {
	case "InvalidAccessKeyId", "XAdminUserNotFound": // the second is versitygw's, with a single account
		return &Error{Kind: WrongKeys, Problem: "the store does not know the access key",
			Remedy: "check --aws-access-key; a temporary key needs its AWS_SESSION_TOKEN too"}
	case "SignatureDoesNotMatch":
		return &Error{Kind: WrongKeys, Problem: "the secret key does not belong to the access key",
			Remedy: "check --aws-secret-key (and that no character got lost on the way)"}
	case "InvalidToken", "TokenRefreshRequired":
		return &Error{Kind: WrongKeys, Problem: "the session token is not valid for these keys",
			Remedy: "check AWS_SESSION_TOKEN: it belongs to temporary keys only"}
	case "ExpiredToken", "ExpiredTokenException", "RequestExpired":
		return &Error{Kind: Expired, Problem: "the temporary keys have expired",
			Remedy: "get new ones that last as long as the job, or use --iam, which renews them"}
	case "RequestTimeTooSkewed":
		return &Error{Kind: ClockSkew, Problem: "the clocks of this agent and of the store differ by more than 15 minutes",
			Remedy: "set the agent's clock (NTP)"}
	case "NoSuchBucket", "InvalidBucketName":
		return &Error{Kind: NoBucket, Problem: "there is no such bucket",
			Remedy: "check the bucket's name and --s3-endpoint; buckets are not made here"}
	case "NoSuchKey":
		return noObject()
	case "AuthorizationHeaderMalformed":
		if region == "" && !strings.Contains(strings.ToLower(failure.Message()), "region") {
			return &Error{Kind: WrongKeys, Problem: "the access key is not one: " + failure.Message(), Remedy: "check --aws-access-key"}
		}
		return wrongRegion(region)
	case "BucketRegionError", "PermanentRedirect", "TemporaryRedirect", "Redirect", "IncorrectRegion",
		"IllegalLocationConstraintException":
		return wrongRegion(region)
	case "SlowDown", "Throttling", "ThrottlingException", "RequestLimitExceeded", "TooManyRequests", "TooManyRequestsException":
		return throttled()
	case codeNoRole:
		return &Error{Kind: NoRole, Problem: "there is no role to take keys from: " + failure.Message(),
			Remedy: "attach a role to the agents (in a container network the metadata service needs a hop limit of 2), " +
				"or give keys instead of --iam"}
	}
	return nil
}
