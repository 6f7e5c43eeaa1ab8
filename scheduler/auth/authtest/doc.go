// Package authtest is a stand-in for DC/OS' identity manager in tests: it takes logins as strictly as the real one, and
// says whether a token that somebody sends counts.
//
// It decides nothing of ours, and reads the time from the clock, so it works in a synctest bubble too.
package authtest
