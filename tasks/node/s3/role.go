package s3

import (
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go/aws"
	"github.com/aws/aws-sdk-go/aws/awserr"
	"github.com/aws/aws-sdk-go/aws/credentials"
	"github.com/aws/aws-sdk-go/aws/defaults"
	"github.com/aws/aws-sdk-go/aws/endpoints"
)

// codeNoRole is our own error code, for what the SDK reports in many.
const codeNoRole = "NoInstanceRole"

// metadataTime is what one question about the role may take. Who answers is the machine itself or nobody.
const metadataTime = time.Second

// role asks for the keys of the instance's or the container's role.
type role struct{ credentials.Provider }

// roleProvider is the SDK's chain for roles: the container's (whose address is in the environment where there is one), or
// else the instance's. An empty address means the link-local one.
func roleProvider(address string) credentials.Provider {
	resolver := endpoints.DefaultResolver()
	if address != "" {
		resolver = endpoints.ResolverFunc(func(string, string, ...func(*endpoints.Options)) (endpoints.ResolvedEndpoint, error) {
			return endpoints.ResolvedEndpoint{URL: address}, nil
		})
	}
	config := aws.Config{
		// Without a proxy: the address means this machine only from here.
		HTTPClient:       &http.Client{Timeout: metadataTime, Transport: &http.Transport{}},
		MaxRetries:       aws.Int(2),
		EndpointResolver: resolver,
		LogLevel:         aws.LogLevel(aws.LogOff),
		Logger:           aws.LoggerFunc(func(...any) {}),
	}
	return role{defaults.RemoteCredProvider(config, handlers(""))}
}

// Retrieve gets the keys.
func (r role) Retrieve() (credentials.Value, error) {
	return r.RetrieveWithContext(aws.BackgroundContext())
}

// RetrieveWithContext gets the keys, or says in one code that there are none.
func (r role) RetrieveWithContext(ctx credentials.Context) (credentials.Value, error) {
	var value credentials.Value
	var err error
	if asker, ok := r.Provider.(credentials.ProviderWithContext); ok {
		value, err = asker.RetrieveWithContext(ctx)
	} else {
		value, err = r.Provider.Retrieve()
	}
	if err != nil {
		return value, awserr.New(codeNoRole, cause(err), nil)
	}
	return value, nil
}

// cause is the innermost error of the SDK, without its address lines.
func cause(err error) string {
	for {
		fault, ok := err.(awserr.Error)
		if !ok || fault.OrigErr() == nil {
			break
		}
		err = fault.OrigErr()
	}
	if fault, ok := err.(awserr.Error); ok {
		return fault.Message()
	}
	return err.Error()
}
