// Package placement reads placement constraints and says whether an agent satisfies them.
//
// A constraint is written as the DC/OS SDK and Marathon have it: a JSON list of lists, one flat JSON list, or rows of
// field:OPERATOR:value with commas between them. All rows must hold. Fields are hostname (or @hostname), @zone,
// @region, and anything else is the name of an agent attribute. Each operator has a file of its own; operators.go
// lists them.
//
// It decides whether an agent may take one more pod of a type, and tells the numbers behind a no. It never looks at
// resources, and it is never asked about a pod that is relaunched where it was: a changed constraint moves nothing.
//
// Two things differ from the SDK, both on purpose. The SDK counts tasks, so that a pod of two tasks counts twice and
// MAX_PER means half of what it says (a known defect); here pods are counted, each once. And the SDK reads the name of
// an attribute as part of the regular expression; here a name is a name, and "a|b" means either value.
//
// It is pure: no clock, randomness, environment, file, network, goroutine, lock or logger.
//
// Designs weighed: (1) rules that walk over all placed tasks for each offer, as the SDK does: simple, and slow with
// thousands of offers; (2) rules compiled together with the counts into one closure: fast, but nothing to print or
// compare; (3) rules as values, and the counts as a second value (Census) that is made once for an evaluation. The
// third won.
//
// Read next: parse.go, rule.go, operators.go, then the file of an operator.
package placement
