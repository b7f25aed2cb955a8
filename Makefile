# mailassay: make run | deps | build | test | lint | bench | compare | gallery | clean
SHELL := /bin/bash
SCRATCH ?= .build
DOMAIN ?=
RELEASE := $(SCRATCH)/release

.PHONY: run deps build test lint format bench compare gallery clean

run: deps build
	@Lab/demo.sh "$(RELEASE)" $(DOMAIN)

# Installs what is missing and says so; with sudo where needed.
deps:
	@scripts/install-deps.sh build

build:
	swift build -c release --static-swift-stdlib --scratch-path $(SCRATCH) --product mailassay
	swift build -c release --static-swift-stdlib --scratch-path $(SCRATCH) --product mailassay-lab

test:
	@scripts/install-deps.sh test
	@scripts/run-tests.sh "$(SCRATCH)"

lint:
	swift format lint --strict --recursive --parallel Package.swift Sources Plugins Tests Lab Benchmarks

format:
	swift format --in-place --recursive --parallel Package.swift Sources Plugins Tests Lab Benchmarks

bench: deps
	@Benchmarks/run.sh "$(SCRATCH)"

# Pictures of the report for the README; needs what the tests need.
gallery: deps build
	@scripts/install-deps.sh test
	@scripts/gallery.sh "$(RELEASE)"

# Our inventory of TLS against those of sslyze, sslscan and testssl.sh, which are fetched; not part of the tests.
compare: deps build
	@scripts/install-deps.sh test
	@Lab/compare.sh "$(RELEASE)"

clean:
	rm -rf $(SCRATCH) out
