# Everything a person does with this project. `make` alone lists it.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000

BIN := .venv/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
PY := $(BIN)/python
PIP := $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# --- install: a target is a mark that is newer than its lock ---------------------------------

.venv/.made:
	$(PYTHON) -m venv .venv
	@touch $@

# A SQLite of our own is worth having but not needed, so its absence is said and not an error.
.venv/.run-time: .venv/.made requirements.txt requirements-sqlite.txt
	$(PIP) -r requirements.txt
	$(PIP) --only-binary pysqlite3 -r requirements-sqlite.txt || \
	  echo "No pysqlite3 wheel for this machine: Python's own sqlite3 is used instead."
	@touch $@

.venv/.complete: .venv/.run-time requirements-dev.txt
	$(PIP) -r requirements-dev.txt
	@touch $@

node_modules/.run-time: .venv/.made package.json package-lock.json .npmrc
	$(PY) tools/node.py npm ci --omit=dev
	@touch $@

node_modules/.complete: .venv/.made package.json package-lock.json .npmrc
	$(PY) tools/node.py npm ci
	@touch node_modules/.run-time $@

.PHONY: install
install: .venv/.complete node_modules/.complete ## install everything, also what tests and checks need
