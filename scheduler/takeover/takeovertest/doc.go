// Package takeovertest writes the state of a CockroachDB service as schedulers built on the Java DC/OS SDK write it, for tests of
// what takes it over. Everything in it is made of the arguments: the same service gives the same bytes.
//
// It decides nothing about takeovers. The shapes are those of the SDK's releases that the published packages, and later builds of
// the same service, ran with: see Style.
package takeovertest
