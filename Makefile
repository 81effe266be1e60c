# What there is to do here; `make help` lists it. A .venv is made when one is needed, and made anew when its pins change.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run test test-long check fmt bench screenshots lock vendor clean

BIN := .venv/bin
ARGS ?=
RUN_ENV := .venv/.run-env
DEV_ENV := .venv/.dev-env
PYTEST := $(BIN)/python -m pytest
COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(RUN_ENV) ## everything on this machine, playing the day in Almelo at 60x (ARGS="--simulate 10 --port 8080")
	@exec $(BIN)/inloop up --simulate 60 $(ARGS)

test: $(DEV_ENV) ## all tests but the long ones, against real brokers, databases and a browser (ARGS="-k badge")
	@bash tools/test_parts.sh
	$(PYTEST) -n 2 --dist loadgroup -m "not long" $(ARGS)

test-long: $(DEV_ENV) ## the tests that take minutes
	@bash tools/test_parts.sh
	$(PYTEST) -n 2 --dist loadgroup -m long $(ARGS)

check: $(DEV_ENV) ## format, lint, types, the house's directions, documents against the code
	$(BIN)/ruff format --no-cache --check .
	$(BIN)/ruff check --no-cache .
	$(BIN)/mypy
	$(BIN)/mypy tests tools
	$(BIN)/lint-imports
	$(BIN)/python tools/asyncapi.py --check
	@bash tools/scripts.sh

fmt: $(DEV_ENV) ## put every file in the house's format, and mend what lint can mend
	$(BIN)/ruff check --fix --exit-zero --quiet .
	$(BIN)/ruff format .

bench: $(DEV_ENV) ## measure speed, latency and memory (minutes)
	@bash tools/test_parts.sh
	$(BIN)/python -m tests.bench.mqtt_rate
	$(BIN)/python -m tests.bench.startup
	$(BIN)/python -m tests.bench.allocation
	$(BIN)/python -m tests.bench.pipeline $(ARGS)
	$(BIN)/python -m tests.bench.run_page $(ARGS)
	$(BIN)/python -m tests.bench.transport_scale $(ARGS)

screenshots: $(DEV_ENV) ## the pictures of the README, from the day in Almelo as it plays
	@bash tools/test_parts.sh
	$(BIN)/python tools/screenshots.py

lock: $(DEV_ENV) ## pin what pyproject.toml asks for, with hashes (ARGS=--upgrade takes the newest of everything)
	@$(BIN)/python -m pip --quiet --disable-pip-version-check install uv
	$(COMPILE) $(ARGS) pyproject.toml --output-file requirements/run.txt
	$(COMPILE) $(ARGS) pyproject.toml --extra dev --constraint requirements/run.txt --output-file requirements/dev.txt
	$(COMPILE) $(ARGS) requirements/build.in --output-file requirements/build.txt
	$(COMPILE) $(ARGS) requirements/parts.in --output-file requirements/parts.txt

vendor: $(DEV_ENV) ## bring what the pages take from others to shared/static/vendor, by the lock file in tools/vendor (needs node)
	$(BIN)/python tools/vendoring.py $(ARGS)

clean: ## throw away .venv and caches; never data/
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(RUN_ENV): requirements/run.txt requirements/build.txt pyproject.toml tools/venv.sh
	@bash tools/venv.sh run

$(DEV_ENV): $(RUN_ENV) requirements/dev.txt
	@bash tools/venv.sh dev
