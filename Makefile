# Two commands on a fresh machine with Swift: `make run` and `make test`.
#
# `run` builds for release, since reading and writing JSON is many times slower in a debug build.

SHELL := /bin/sh

SYSTEM_PACKAGES := git ca-certificates pkg-config libgit2-dev libsodium-dev
TEST_PACKAGES   := python3 python3-venv
BENCH_PACKAGES  := libsqlite3-dev

STORE   := $(CURDIR)/my-store
DAYBOOK := $(CURDIR)/.build/release/daybook
# How often the campaign kills the store.
KILLS   := 1000

.PHONY: help run build test bench campaign format lint clean

help:
	@echo "make run       build daybook, make ./my-store unless it exists, and show it working"
	@echo "make test      run all tests"
	@echo "make bench     measure against SQLite and git; BENCH_JSON=1 prints one JSON object a line"
	@echo "make campaign  kill a writing store KILLS=$(KILLS) times and look for what got lost"
	@echo "make format    format the sources          make lint   say what is not formatted"
	@echo "make clean     remove what was built; stores stay"

run: build
	@Scripts/show-store "$(DAYBOOK)" "$(STORE)"

build:
	@Scripts/install-packages $(SYSTEM_PACKAGES)
	swift build -c release --product daybook

test:
	@Scripts/install-packages $(SYSTEM_PACKAGES) $(TEST_PACKAGES)
	swift test

bench:
	@Scripts/install-packages $(SYSTEM_PACKAGES) $(BENCH_PACKAGES)
	@swift run --package-path Benchmarks -c release Benchmarks

campaign:
	@Scripts/install-packages $(SYSTEM_PACKAGES) $(TEST_PACKAGES)
	DAYBOOK_KILLS=$(KILLS) swift test --filter CrashCampaign

format:
	swift format --in-place --parallel --recursive Sources Tests Plugins Benchmarks/Sources Package.swift Benchmarks/Package.swift

lint:
	swift format lint --strict --parallel --recursive Sources Tests Plugins Benchmarks/Sources Package.swift Benchmarks/Package.swift

clean:
	rm -rf .build Benchmarks/.build
