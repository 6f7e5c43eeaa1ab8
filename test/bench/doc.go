// Package bench measures what the project promises in figures: how fast offers are evaluated and how that grows, how long a
// frame of a large service takes, how soon a successor decides, a thousand pods are deployed and a failed task is
// launched again, what is written for that, how much memory it takes, and how soon the API and the plug-in answer.
//
// Two kinds of measuring stand side by side. Go benchmarks compare one version of a function with the next (go test
// -bench). The figures (go test -run Figures) hold the built programs, as separate processes, to limits that users
// feel; they need quiet cores and some seconds, so they run only when they are asked for by name, and never as part of
// a plain go test. Times may be missed by a factor of four before the run fails, because machines of continuous
// integration are shared; BENCH_STRICT=1 holds them exactly. Memory and counts are always held exactly: they do not
// depend on what else the machine does. Frames are held to processor time, which depends on it little.
//
// Three things play Mesos. For the time of single calls (master_test.go) it is as small as it can be and answers at once, so
// that what is measured is the scheduler. Where reservations and reconciliation take part (instant_test.go) it is the
// model, whose tasks need no time. For frames and writes (stage_test.go) it is a few lines round the core, without a process.
//
// Read next: figures_test.go (the list), then a file per figure; limit_test.go for how a figure is judged, page_test.go for
// the page that shows them.
package bench
