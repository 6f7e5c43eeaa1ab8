# Everything a developer or CI runs. `make` alone lists the targets.

VERSION   ?= v24.1.6
RELEASE   ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS   := -s -w -X main.version=$(RELEASE)
URL       ?= https://github.com/dcos-cockroachdb/dcos-cockroachdb/releases/download/$(RELEASE)
BINARIES  := cockroachdb-scheduler cockroachdb-node dcos-cockroachdb cockroachdb-sandbox
TESTFLAGS ?=

export GOFLAGS ?= -buildvcs=false

.PHONY: help build stand-in demo demo-check test check prepare format vet lint race sim sim-mutants backup-large verify generate links bench figures fuzz clean universe reproduce

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## Build all binaries, static, into dist/
	@mkdir -p dist
	CGO_ENABLED=0 go build -trimpath -ldflags "$(LDFLAGS)" -o dist/ $(addprefix ./cmd/,$(BINARIES))

stand-in: ## Pack the stand-in database (VERSION=v24.1.6) into dist/
	@mkdir -p dist
	go run ./test/cockroach/pack -version $(VERSION) -o dist/

PACKAGE = go run ./universe/build -release "$(RELEASE)" -database "$(VERSION)" -url "$(URL)" -archive "$(ARCHIVE)" \
	-upgrades-from "$(UPGRADES_FROM)" -downgrades-to "$(DOWNGRADES_TO)"

universe: ## Build the DC/OS package into dist/universe (RELEASE, VERSION, URL, ARCHIVE: see docs/dcos.md)
	$(PACKAGE) -o dist/universe

reproduce: universe ## Build the DC/OS package a second time from nothing and compare every byte
	@rm -rf dist/again
	GOCACHE=$(CURDIR)/dist/again/cache $(PACKAGE) -o dist/again
	diff -r dist/universe/files dist/again/files && diff -r dist/universe/package dist/again/package && rm -rf dist/again

demo: build stand-in ## Run the whole service on this machine until Ctrl-C
	dist/cockroachdb-sandbox --archive dist/cockroach-$(VERSION).linux-amd64.tgz

demo-check: build stand-in ## The same without a person: exit 0 when all went well
	dist/cockroachdb-sandbox --check --archive dist/cockroach-$(VERSION).linux-amd64.tgz

test: prepare check ## Run every check and every test
	@test/prepare --report

prepare:
	@test/prepare

check: format vet lint race verify links ## Format, vet, lint, tests, import rule, generated files, docs links

format:
	@out=$$(gofmt -l $$(git ls-files '*.go')); if [ -n "$$out" ]; then echo "not formatted:"; echo "$$out"; exit 1; fi

vet:
	go vet ./...
	go -C test/universe vet ./...

lint:
	@mkdir -p dist/tools
	go -C test/tools build -o $(CURDIR)/dist/tools/staticcheck honnef.co/go/tools/cmd/staticcheck
	dist/tools/staticcheck ./...
	cd test/universe && $(CURDIR)/dist/tools/staticcheck ./...

# What has one goroutine has no races, and takes a third of the time without the detector. test/arch sees to it that the
# packages named here have one; in test/sim each history has. -vet=off: `vet` looks for more.
PLAIN := ./tasks ./tasks/backup ./tasks/cockroach ./tasks/dump ./tasks/launch ./offers/... ./plans ./scheduler/api/wire \
	./scheduler/core ./scheduler/diff ./scheduler/takeover ./universe/... ./test/arch ./test/docs ./test/sim \
	./test/mesos/conformance ./test/mesos/model/... ./test/mesos/virtual
RACED  = $(filter-out $(shell go list $(PLAIN)),$(shell go list ./...))

# Those with the detector wait for other processes much of the time: one package more than there are processors keeps them busy.
SIDE_BY_SIDE := $(shell expr $$(nproc 2>/dev/null || echo 2) + 1)

race:
	go test -vet=off -timeout 9m $(TESTFLAGS) $(PLAIN)
	@echo "go test -vet=off -race -p $(SIDE_BY_SIDE) -timeout 9m $(TESTFLAGS) all the others"
	@go test -vet=off -race -p $(SIDE_BY_SIDE) -timeout 9m $(TESTFLAGS) $(RACED)
	go -C test/universe test -vet=off -race -timeout 9m $(TESTFLAGS) ./...

N    ?= 20000
SEED ?= 1

sim: ## Live N random histories (make sim N=1000000 SEED=1) and print figures and coverage
	@mkdir -p dist
	go test ./test/sim -run '^TestRandomHistories$$' -count=1 -v -timeout 0 -histories $(N) -seed $(SEED) \
		-coverprofile dist/sim.cover -coverpkg ./scheduler/core,./plans,./offers
	@awk 'NR > 1 { sub("/[^/]*$$", "", $$1); all[$$1] += $$2; if ($$3 > 0) hit[$$1] += $$2 } \
		END { for (k in all) printf "%.1f%% of the statements in %s\n", 100 * hit[k] / all[k], k }' dist/sim.cover

sim-mutants: ## Show of each invariant that a broken build breaks it
	go test ./test/sim -run '^TestInvariantsCanFail$$' -count=1 -v -timeout 30m -mutants

backup-large: ## Back a database of 1 GB up, restore it, and compare every byte
	go test ./test/backup -run '^TestALargeDatabaseComesBackByteForByte$$' -count=1 -v -timeout 30m -megabytes 1000

verify: ## Fail when a generated file differs from what the code gives
	@go run ./cmd/cockroachdb-scheduler settings --markdown | diff -u docs/reference/settings.md - \
		|| { echo "docs/reference/settings.md is out of date: run make generate"; exit 1; }
	@go run ./cmd/cockroachdb-scheduler diff --markdown | diff -u docs/reference/changes.md - \
		|| { echo "docs/reference/changes.md is out of date: run make generate"; exit 1; }
	@go run ./cmd/cockroachdb-scheduler metrics | diff -u docs/reference/metrics.md - \
		|| { echo "docs/reference/metrics.md is out of date: run make generate"; exit 1; }
	@go run ./cmd/dcos-cockroachdb reference | diff -u docs/reference/cli.md - \
		|| { echo "docs/reference/cli.md is out of date: run make generate"; exit 1; }

generate: ## Write the generated pages again
	go run ./cmd/cockroachdb-scheduler settings --markdown > docs/reference/settings.md
	go run ./cmd/cockroachdb-scheduler diff --markdown > docs/reference/changes.md
	go run ./cmd/cockroachdb-scheduler metrics > docs/reference/metrics.md
	go run ./cmd/dcos-cockroachdb reference > docs/reference/cli.md

links: ## Check the links between the pages
	go test ./test/docs

bench: ## Run the benchmarks
	go test -run '^$$' -bench . -benchmem ./offers/... ./test/bench/...
	go test -run Figures -count=1 -v ./test/bench

figures: ## Measure the figures and write docs/reference/figures.md
	BENCH_WRITE=$(CURDIR)/docs/reference/figures.md go test -run Figures -count=1 -v ./test/bench

fuzz: ## Run every fuzz target for 20 seconds
	@for f in $$(grep -rl --include='*_test.go' '^func Fuzz' .); do \
		for n in $$(sed -n 's/^func \(Fuzz[A-Za-z0-9]*\).*/\1/p' $$f); do \
			go test -run '^$$' -fuzz "^$$n$$" -fuzztime 20s ./$$(dirname $$f) || exit 1; done; done

clean: ## Remove what was built
	rm -rf dist
