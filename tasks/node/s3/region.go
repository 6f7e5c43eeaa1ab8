package s3

import (
	"bytes"
	"encoding/xml"
	"io"
	"net"

	"github.com/aws/aws-sdk-go/aws/awserr"
	"github.com/aws/aws-sdk-go/aws/request"
)

const regionHeader = "X-Amz-Bucket-Region"

// answerLimit bounds what is read of an error's text, in bytes.
const answerLimit = 64 << 10

// answer is a store's refusal together with the right region, if the store named it.
type answer struct {
	awserr.RequestFailure
	region string
}

// keepRegion takes the region out of an error's text, which the SDK throws away, into the header where others have it.
func keepRegion(r *request.Request) {
	if r.HTTPResponse.Header.Get(regionHeader) != "" {
		return
	}
	text, err := io.ReadAll(io.LimitReader(r.HTTPResponse.Body, answerLimit))
	r.HTTPResponse.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(text), r.HTTPResponse.Body), r.HTTPResponse.Body}
	var told struct{ Region string }
	if err == nil && xml.Unmarshal(text, &told) == nil && told.Region != "" {
		r.HTTPResponse.Header.Set(regionHeader, told.Region)
	}
}

func addRegion(r *request.Request) {
	if fault, ok := r.Error.(awserr.RequestFailure); ok {
		r.Error = answer{fault, r.HTTPResponse.Header.Get(regionHeader)}
	}
}

// isAddress tells hosts that cannot have a bucket in front of their name.
func isAddress(host string) bool { return host == "localhost" || net.ParseIP(host) != nil }
