package sim

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"time"
)

// Generate makes the history of a seed. Each history uses only some of the operations, so that some have many of a kind
// and none of another: that finds what an even mixture hides.
func Generate(seed uint64) History {
	random := Random(seed)
	h := History{Seed: seed, Agents: 4 + random.IntN(3), Thorough: random.IntN(16) == 0}
	probes := []string{"off", "used", "required", "required"}[random.IntN(4)]
	h.Environ = append(h.Environ, "DATABASE_PROBES="+probes)
	if random.IntN(4) == 0 {
		h.Environ = append(h.Environ, "NODE_DEPLOY_STRATEGY=parallel")
	}
	if random.IntN(3) == 0 {
		h.Environ = append(h.Environ, "ENABLE_AUTOMATIC_POD_REPLACEMENT=true",
			fmt.Sprintf("PERMANENT_FAILURE_TIMEOUT_SECS=%ds", 60+random.IntN(300)), fmt.Sprintf("MIN_REPLACE_DELAY_SECS=%ds", 10+random.IntN(120)))
	}
	if random.IntN(3) > 0 {
		h.Ops = append(h.Ops, Op{Do: "settle"})
	}
	kinds := choose(random)
	// Operations of certificates meet little without each other, too: every fourth history begins with TLS and has all of them.
	if rand.New(rand.NewPCG(seed, 6)).IntN(4) == 0 {
		h.Ops = append([]Op{{Do: "secure"}}, h.Ops...)
		for _, name := range slices.Sorted(maps.Keys(ofTLS)) {
			kinds = append(kinds, slices.Repeat([]string{name}, ofTLS[name].weight)...)
		}
	}
	for range 2 + random.IntN(14) {
		op := Op{Do: kinds[random.IntN(len(kinds))], Which: random.IntN(60), Arg: random.IntN(60), Force: random.IntN(5) == 0,
			Wait: wait(random)}
		if crashes := Operations[op.Do].wish; random.IntN(3) == 0 || crashes && random.IntN(2) == 0 {
			// The process dies before one of the effects that follow.
			h.Ops = append(h.Ops, Op{Do: "crash", Arg: random.IntN(12)})
		}
		h.Ops = append(h.Ops, op)
	}
	if random.IntN(5) == 0 {
		h.Ops = append(h.Ops, removal(random)...)
	}
	return h
}

// removal is the end of some histories: the service is removed, the process dies at some points of that, and other things fail.
func removal(random *rand.Rand) []Op {
	var ops []Op
	for range random.IntN(4) {
		ops = append(ops, Op{Do: "crash", Arg: random.IntN(60)})
	}
	ops = append(ops, Op{Do: "uninstall", Wait: wait(random)})
	var kinds []string
	for _, name := range operationNames() {
		if op := Operations[name]; op.weight > 0 && !op.wish {
			kinds = append(kinds, name)
		}
	}
	for range random.IntN(7) {
		ops = append(ops, Op{Do: kinds[random.IntN(len(kinds))], Which: random.IntN(60), Arg: random.IntN(60), Wait: wait(random)})
	}
	return ops
}

// choose picks the operations that a history is made of, each as often as its weight says.
func choose(random *rand.Rand) []string {
	var kinds []string
	// A job meets little without the others: every fourth history has all that can be wished of them.
	withJobs := random.IntN(4) == 0
	for _, name := range operationNames() {
		op := Operations[name]
		if _, tls := ofTLS[name]; tls {
			continue
		}
		_, ofJob := ofJobs[name]
		if op.weight > 0 && (random.IntN(3) == 0 || withJobs && ofJob) {
			for range op.weight {
				kinds = append(kinds, name)
			}
		}
	}
	if len(kinds) == 0 {
		return []string{"exit", "kill"}
	}
	return kinds
}

// wait is how long a history goes on undisturbed: mostly in the middle of things, at times until something gives up waiting.
func wait(random *rand.Rand) time.Duration {
	most := []int{0, 1_000, 3_000, 10_000, 20_000, 30_000, 90_000, 400_000}[random.IntN(8)]
	if most == 0 {
		return 0
	}
	return time.Duration(random.IntN(most)) * time.Millisecond
}
