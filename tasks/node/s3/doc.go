// Package s3 reads and writes objects in S3 and in stores that speak its protocol. It is the only package that knows the SDK.
//
// It decides how bytes travel: sizes of parts and how many are in flight, what is tried again and for how long, when a
// connection counts as dead, and what a refusal means in words that help (Error: a kind to branch on, and a remedy that names
// a flag). It never decides what an object is called or whether it may be replaced, keeps nothing on disk, writes no log,
// and never looks for keys: they are given, or those of the instance's role. It reads neither ~/.aws nor the environment,
// with two exceptions: HTTPS_PROXY, HTTP_PROXY and NO_PROXY, and with a role the variables that a container's host sets for it.
//
// What it promises:
//   - Nothing of an Upload is visible before Complete, and after Abort nothing is left, not even when the answer to the very
//     first request got lost. What a killed process left is found by AbortStale.
//   - The memory of an upload is bounded: 25 MiB to 4.9 GiB of data, 50 to 80 MiB to 151 GiB, then one buffer of the part's
//     size, which is in proportion to what was written (160 MiB to 307 GiB, 640 MiB at 1 TiB). Five tebibytes fit. Options.Memory
//     ends that growth: then buffers never take more, the object that fits is smaller (1.5 TiB with 320 MiB), and a larger one is an
//     error with a remedy instead of a process that is killed.
//   - What Get returns is one object, whole, whatever happened to connections on the way, or an error.
//   - No wait is endless: a request is tried again 8 times (some 90 seconds of waits at most when the store asks to slow down), a
//     connection that stands still for two minutes is given up, ten while an upload is completed, and everything ends with
//     its context. Only Abort has a time of its own, 30 seconds, as it runs when the context has ended.
//   - Keys are in no error, no log, no print of any type of this package. A store that quotes them is not repeated.
//
// Designs weighed.
//
// Our own parts or the SDK's s3manager.Uploader: the latter takes a stream of unknown length at one part size, which ends at
// 48.8 GiB with the standard of 5 MiB and takes 2.6 GB of memory when chosen for 5 TiB; a cancelled context stops its
// requests but also the abort, so parts stay and are paid for; and a reader that stalls is not left when the context ends.
// The parts here are 250 lines on the SDK's single requests, which sign, retry and check sums.
//
// SDK version 1 or 2: version 1 is what the service's owners named; its support has ended. Nothing of it is in this package's
// API, so version 2 is a change of this package alone.
//
// The SDK's session or a configuration made by hand: a session reads a dozen variables and two files of the home folder even
// when keys are given, and one of its handlers prints to standard output. By hand it is thirty lines (client.go).
//
// HEAD or a list of one name to check a bucket: the answer to a HEAD has no text, so that a wrong key, a wrong region and a
// missing permission look the same. The list needs s3:ListBucket, which whoever cleans up needs anyway.
//
// Read client.go first, then upload.go, part.go and complete.go (writing), get.go (reading), fault.go and the two beside it (what refusals mean).
package s3
