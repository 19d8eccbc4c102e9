# Everything a person does with this project. `make` alone lists it.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000

BIN := .venv/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
PY := $(BIN)/python
FLASK := $(PY) -m flask --app wsgi
PYTEST := $(PY) -m pytest --numprocesses logical --maxprocesses 4 --dist loadfile --no-loadscope-reorder
LOCK := $(BIN)/uv pip compile --quiet --no-config --upgrade --universal --python-version 3.11 \
  --generate-hashes --no-strip-extras --no-emit-index-url --no-header
PIP := $(PY) -m pip install -qq --disable-pip-version-check --require-hashes

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# --- install: a target is a mark that is newer than its lock ---------------------------------

.venv/.made:
	$(PYTHON) -m venv .venv
	@touch $@

# A SQLite of our own is worth having but not needed, so its absence is said and not an error.
.venv/.run-time: .venv/.made requirements.txt requirements-sqlite.txt
	@echo "Installing what the application needs; the first time this takes a few minutes."
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

# --- what is built from the sources ----------------------------------------------------------

SOURCES := $(shell find visits templates -name '*.py' -o -name '*.html' 2>/dev/null)
CATALOGUES := $(wildcard translations/*/LC_MESSAGES/messages.po)

static/vendor/icons.svg: node_modules/.run-time tools/assets.py tools/icon_names.py $(SOURCES)
	$(PY) tools/assets.py

translations/.compiled: .venv/.run-time tools/messages.py $(CATALOGUES)
	$(PY) tools/messages.py compile
	@touch $@

.PHONY: build
build: .venv/.run-time static/vendor/icons.svg translations/.compiled ## build what is served: front-end files, catalogues

# --- run -------------------------------------------------------------------------------------

.PHONY: run
run: build ## serve on http://127.0.0.1:8000 (HOST=… PORT=… change that)
	@$(FLASK) backup create --if-behind
	$(FLASK) db upgrade
	@HOST=$(HOST) PORT=$(PORT) $(PY) tools/serve.py

.PHONY: demo
demo: export VISITS_DEMO := 1
demo: export VISITS_INSTANCE := instance-demo
demo: export VISITS_ENV := development
demo: export DATABASE_URL :=
demo: build ## serve the demo zone, from a database of its own
	$(FLASK) db upgrade
	$(FLASK) seed demo --if-empty
	@HOST=$(HOST) PORT=$(PORT) $(PY) tools/serve.py

.PHONY: bench
bench: .venv/.complete build ## measure the pages on five years of records, SQLite and PostgreSQL (B=… passes words)
	$(PY) -m tools.bench $(B)

.PHONY: upgrade
upgrade: build ## bring the database to the present schema, after a backup of it
	$(FLASK) backup create --if-behind --verify
	$(FLASK) db upgrade

.PHONY: backup
backup: .venv/.run-time ## write a backup into instance/backups and prove it
	$(FLASK) backup create --verify

# --- change ----------------------------------------------------------------------------------

.PHONY: format
format: .venv/.complete ## format the code and mend what can be mended
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

.PHONY: messages
messages: .venv/.run-time ## bring the catalogues in step with the source
	$(PY) tools/messages.py update
	@touch translations/.compiled

.PHONY: docs
docs: .venv/.run-time ## write the pages of docs/ that are made from the code
	$(PY) -m tools.docs

.PHONY: migration
migration: .venv/.run-time ## write a migration from the models: make migration m="Add visits"
	@test -n "$(m)" || { echo 'Say what it does: make migration m="Add visits"' >&2; exit 2; }
	$(FLASK) db migrate -m "$(m)"
	$(BIN)/ruff format migrations

.PHONY: lock
lock: .venv/.complete ## choose versions anew and write the locks (package.json: edit, then npm install)
	$(LOCK) requirements.in -o requirements.txt
	$(LOCK) --only-binary pysqlite3 requirements-sqlite.in -o requirements-sqlite.txt
	$(LOCK) requirements-dev.in -o requirements-dev.txt
	$(LOCK) requirements-node.in -o requirements-node.txt

# --- check -----------------------------------------------------------------------------------

.PHONY: lint
lint: .venv/.complete ## look for mistakes in the code
	$(BIN)/ruff check .

.PHONY: types
types: .venv/.complete ## check the types
	$(BIN)/mypy

.PHONY: contracts
contracts: .venv/.complete ## check which module may import which
	$(BIN)/lint-imports

.PHONY: check
check: install ## everything that must hold before a push; the tests come last
	$(BIN)/ruff format --check .
	$(MAKE) lint types contracts
	$(PY) tools/messages.py check
	$(PY) -m tools.docs --check
	$(MAKE) test

.PHONY: test
test: install build browser ## all tests: SQLite, PostgreSQL, browser (T=… passes words to pytest)
	TEST_DATABASE=sqlite $(PYTEST) --ignore=tests/browser $(T)
	TEST_DATABASE=postgresql $(PYTEST) --ignore=tests/browser $(T)
	$(PYTEST) tests/browser $(T)

.PHONY: test-fast
test-fast: .venv/.complete build ## the tests on SQLite without the browser (T=… passes words to pytest)
	TEST_DATABASE=sqlite $(PYTEST) --ignore=tests/browser $(T)

.PHONY: test-browser
test-browser: install build browser ## the browser tests only (T=… passes words to pytest)
	$(PYTEST) tests/browser $(T)

.PHONY: browser
browser: .venv/.complete node_modules/.complete
	@$(PY) tools/browser.py
