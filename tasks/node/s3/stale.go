package s3

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go/aws"
	sdk "github.com/aws/aws-sdk-go/service/s3"
)

// AbortStale aborts every incomplete multipart upload of objects with one of these very keys, and says how many those were. It is
// for what a killed process left behind: whoever calls it knows that nobody is writing there. Keys are whole, because "bank.sql" is
// the beginning of another database's "bank.sqlite.sql". One list under what they begin with in common finds them.
func (c *Client) AbortStale(ctx context.Context, bucket string, keys ...string) (int, error) {
	if len(keys) == 0 {
		return 0, nil
	}
	prefix := common(keys)
	var found []*sdk.MultipartUpload
	err := c.api.ListMultipartUploadsPagesWithContext(ctx, &sdk.ListMultipartUploadsInput{Bucket: &bucket, Prefix: &prefix},
		func(page *sdk.ListMultipartUploadsOutput, _ bool) bool {
			for _, upload := range page.Uploads {
				if slices.Contains(keys, aws.StringValue(upload.Key)) {
					found = append(found, upload)
				}
			}
			return true
		})
	if err != nil {
		return 0, c.fault(ctx, place{"abort", bucket, prefix}, err)
	}
	for i, upload := range found {
		if err := c.abortOne(ctx, bucket, aws.StringValue(upload.Key), aws.StringValue(upload.UploadId)); err != nil {
			return i, err
		}
	}
	return len(found), nil
}

// common is what all keys begin with.
func common(keys []string) string {
	prefix := keys[0]
	for _, key := range keys[1:] {
		n := 0
		for n < min(len(prefix), len(key)) && prefix[n] == key[n] {
			n++
		}
		prefix = prefix[:n]
	}
	return prefix
}

// abortOne aborts one upload; one that is gone is as good.
func (c *Client) abortOne(ctx context.Context, bucket, key, id string) error {
	_, err := c.api.AbortMultipartUploadWithContext(ctx, &sdk.AbortMultipartUploadInput{Bucket: &bucket, Key: &key, UploadId: &id})
	if isNoUpload(err) {
		return nil
	}
	return c.fault(ctx, place{"abort", bucket, key}, err)
}
