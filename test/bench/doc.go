// Package bench measures what the project promises in figures: how fast offers are evaluated, how long 10,000 of them
// take through HTTP, the scheduler's own time for a step, its memory, and how soon the plug-in answers.
//
// Two kinds of measuring stand side by side. Go benchmarks compare one version of a function with the next (go test
// -bench). The figures (go test -run Figures) hold the built programs, as separate processes, to limits that users
// feel; they need quiet cores and some seconds, so they run only when they are asked for by name, and never as part of
// a plain go test. Times may be missed by a factor of four before the run fails, because machines of continuous
// integration are shared; BENCH_STRICT=1 holds them exactly. Memory and counts are always held exactly: they do not
// depend on what else the machine does.
//
// The master that the figures run against is as small as it can be and answers at once, so that what is measured is
// the scheduler. The sandbox's master, which models Mesos with its waiting times, would be measured along.
//
// Read next: figures_test.go (the list), then a file per figure; limit_test.go for how a figure is judged.
package bench
