// Package catalog lists the backups of a folder of a bucket with what their manifests say.
//
// It decides what is told of a backup whose manifest is missing, damaged or does not fit. It never writes. What a key means is
// decided by package backup, how the store is asked by package s3.
//
// Designs weighed: an index object in the bucket, which a crash leaves wrong and two services overwrite for each other; reading
// each manifest when somebody asks (chosen): a list costs one request a thousand objects and one a backup.
package catalog
