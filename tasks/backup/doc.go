// Package backup decides where a backup lies, what is written down about it, how it is made, whether it may be restored
// and when it may be removed.
//
// It decides keys (place.go), what a key means when a bucket is listed (listing.go), the manifest that makes a backup a
// backup (manifest.go), the method by database version (method.go), what may be restored into what (restore.go) and
// retention (retention.go). It never talks to S3 or a database: tasks/node/job does, and asks here.
//
// It is pure: values in, values out; the time is an argument.
//
// Designs weighed for the layout: (1) one archive with the manifest inside, which cannot be judged without reading it all;
// (2) a catalogue object for the bucket, which two services would overwrite for each other; (3) a manifest beside each
// backup, written last (chosen): a backup without one is either the older service's or not finished, and a listing of the
// folder is the catalogue.
//
// Read next: manifest.go, then tasks/dump and tasks/cockroach for what is counted and said to the database.
package backup
