.DEFAULT_GOAL := help
.PHONY: help venv lock run demo format lint mypy test test-large bench pictures conformance dist clean db-migrate db-upgrade db-downgrade reset-db backup-db diagnostics

SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
SOURCES := domain application infrastructure interfaces migrations
export SCIPAPERLOADER_DATA_DIR ?= $(CURDIR)/data

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(READY): pyproject.toml requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "Python 3.11 or newer is missing. On Debian: sudo apt-get install python3 python3-venv"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || \
		{ echo "Python's venv package is missing. On Debian: sudo apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $(READY)

venv: $(READY) ## make the environment, with the application (editable) and the development tools

lock: $(READY) ## pin every dependency with hashes
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-emit-find-links --no-header pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-emit-find-links --no-header --extra dev pyproject.toml -o requirements-dev.txt

run: $(READY) ## serve on http://127.0.0.1:5000/ with reloading, data in ./data
	$(BIN)/scipaperloader run --reload

demo: $(READY) ## try everything out against a simulated web, no internet needed
	$(BIN)/scipaperloader demo

format: $(READY) ## reformat the code
	$(BIN)/ruff check --quiet --fix-only .
	$(BIN)/ruff format --quiet .

lint: $(READY) mypy ## check style, layers and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/lint-imports

mypy: $(READY) ## check types
	$(BIN)/mypy
	$(BIN)/mypy tools/diagnostics

test: $(READY) ## run the tests, in their small sizes
	$(BIN)/python -m pytest -n 2 -m "not slow"

test-large: $(READY) ## run the tests in their large sizes too
	SCIPAPERLOADER_TEST_SIZE=large $(BIN)/python -m pytest -n 2

bench: $(READY) ## measure, each figure beside its floor
	$(BIN)/python -P -m tests.benchmarks

pictures: $(READY) ## take the pictures of the README anew, from the demo; needs Chromium
	$(BIN)/python -P -m tests.docs.pictures

conformance: $(READY) ## run the real code on recorded answers, pages, lists and files, where they are present
	$(BIN)/python -m pytest tests/conformance -p no:cacheprovider

dist: lint test ## build the wheel, after the checks
	rm -rf dist
	$(BIN)/python -m hatchling build -t wheel

clean: ## remove the environment and build products
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

db-migrate: $(READY) ## write a migration: make db-migrate message="what it does"
	@test -n "$(message)" || { echo 'Say what it does: make db-migrate message="add a table of …"'; exit 1; }
	$(BIN)/scipaperloader db revision -m "$(message)"

db-upgrade: $(READY) ## apply the migrations that are pending
	$(BIN)/scipaperloader db upgrade

db-downgrade: $(READY) ## take back the newest migration
	$(BIN)/scipaperloader db downgrade

reset-db: $(READY) ## back up, delete and recreate the database; asks first
	$(BIN)/scipaperloader db reset

backup-db: $(READY) ## copy the database consistently, while the application runs
	$(BIN)/scipaperloader backup --files none

diagnostics: ## open the menu of the diagnostic tools; works without the network, and while a server hangs
	@./tools/run-diagnostics.sh
