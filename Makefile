# Hairline. `make run` is all a newcomer needs; `make help` lists the rest.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
FLASK := $(BIN)/python -m flask --app wsgi
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help run test check test-engines format lint types contracts bench faults soak lock gazetteer-lite vendor-check clean

help: ## Show what there is to make, and the commands
	@grep -hE '^[a-z-]+:.*##' Makefile | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 18
	@echo
	@echo "Commands: .venv/bin/flask --app wsgi …"
	@test -x $(BIN)/flask && $(FLASK) --help | sed -n '/Commands:/,$$p' || echo "  (after the first make run)"

$(VENV)/installed: requirements.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.txt
	@touch $@

$(VENV)/installed-dev: requirements-dev.txt $(VENV)/installed
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.txt
	@touch $@

run: $(VENV)/installed ## Serve the site on http://localhost:8000 (PORT=, DATA= change port and data folder)
	@exec $(BIN)/python -m directory.serve

test-engines: ## Install what the tests drive: PostgreSQL, Redis, nginx, Chromium (Debian, as root)
	@sh tests/install-engines.sh

test: $(VENV)/installed-dev test-engines ## Install what the tests need and run them all
	$(BIN)/python -m pytest -n auto --dist loadgroup

check: $(VENV)/installed-dev format lint types contracts test ## The gate: format, lint, types, contracts, tests

format: $(VENV)/installed-dev ## Put every Python file in form
	$(BIN)/ruff format --quiet .

lint: $(VENV)/installed-dev ## Lint Python and templates
	$(BIN)/ruff check .
	$(BIN)/ruff format --check --quiet .

types: $(VENV)/installed-dev ## Check types
	$(BIN)/mypy

contracts: $(VENV)/installed-dev ## Check who imports whom
	$(BIN)/lint-imports --no-cache

bench: $(VENV)/installed-dev ## Run all benchmarks and print the tables (TRUTH=folder adds accuracy figures)
	$(BIN)/python -m benchmarks $(if $(TRUTH),--truth $(TRUTH))

faults: $(VENV)/installed-dev ## Kill processes while people send things, and print what was lost: nothing (COUNT=small for a handful)
	$(BIN)/python -m faults --count $(or $(COUNT),full)

soak: $(VENV)/installed-dev ## Mixed load for MINUTES (30) at 150 requests a second, and what it did to times and memory
	$(BIN)/python -m faults.soak --minutes $(or $(MINUTES),30)

gazetteer-lite: $(VENV)/installed ## Make the committed gazetteer anew from its packages
	$(BIN)/python -m directory.places.build --lite

vendor-check: ## Fetch the front-end packages again and compare what is committed (needs npm)
	npm ci --ignore-scripts && node static/vendor/fetch.mjs --check

lock: $(VENV)/installed-dev ## Resolve requirements*.in into hashed locks
	$(BIN)/uv pip compile --quiet --generate-hashes --no-header --no-emit-index-url requirements.in -o requirements.txt
	$(BIN)/uv pip compile --quiet --generate-hashes --no-header --no-emit-index-url requirements-dev.in -o requirements-dev.txt

clean: ## Remove the virtual environment and caches (the data folder stays)
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
