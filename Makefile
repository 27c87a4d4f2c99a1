# Guanxi's commands. `make` alone lists them.

PYTHON3 ?= python3
PYTHON ?= .venv/bin/python
# Everything after this runs with the settings of this copy: where its servers are, its keys, its ports.
WITH_SETTINGS = $(PYTHON) -m deploy.settings

# Compiled modules are kept: each of our processes would otherwise compile all it imports again.
unexport PYTHONDONTWRITEBYTECODE
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
.PHONY: help up down demo check test faults fuzz unit format docs migration migrate messages screenshots admin token shell logs bench secrets lock

help: ## list these commands
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | awk -F'\t' '{printf "  make %-11s %s\n", $$1, $$2}'

up: .ready ## start Guanxi with demo data on this machine; Ctrl-C stops it
	@exec $(PYTHON) -m deploy.up

down: ## stop the Guanxi that `make up` started from this folder
	@$(PYTHON3) -m deploy.down

demo: .ready ## load the demo data into a running Guanxi, where it is missing
	@$(WITH_SETTINGS) $(PYTHON) -m deploy.demo

check: .ready-for-tests ## all that must be right before a change lands: format, lint, types, imports, tests
	@$(PYTHON) -m deploy.check

test: .ready-for-tests ## every test, against servers of the tests' own
	@$(PYTHON) -m deploy.check tests

faults: .ready-for-tests ## ill-treat a system of its own and prove that nothing is lost or doubled: SEEDS=200 FROM=1
	@$(PYTHON) -m tests.faults --seeds "$(or $(SEEDS),20)" --from "$(or $(FROM),1)"

fuzz: .ready-for-tests ## send whatever /openapi.json allows and forbids, and look for answers that are none: EXAMPLES=50
	@GUANXI_FUZZ_EXAMPLES="$(or $(EXAMPLES),20)" $(PYTHON) -m pytest -q tests/journey/test_any_input.py

unit: .ready-for-tests ## the tests that need no server
	@$(PYTHON) -m deploy.check unit

format: .ready-for-tests ## put all Python files into the one format
	@$(PYTHON) -m ruff format . && $(PYTHON) -m ruff check --fix .

migration: .ready ## write a migration from what changed: SERVICE=sales NAME=quote_valid_until
	@test -n "$(SERVICE)" -a -n "$(NAME)" || { echo "Say which: make migration SERVICE=sales NAME=quote_valid_until"; exit 2; }
	@$(WITH_SETTINGS) $(PYTHON) -m chassis revision $(SERVICE) $(NAME)

docs: .ready-for-tests ## write what is generated from the code: docs/events.md, contracts/schemas
	@$(PYTHON) -m deploy.documents

screenshots: .ready-for-tests ## draw docs/screenshots anew from the running Guanxi with its demo data
	@$(PYTHON) -m tests.journey.screenshots

migrate: .ready ## bring databases and broker to this version
	@$(WITH_SETTINGS) $(PYTHON) -m chassis migrate

admin: .ready ## make or re-open an administrator's account: LOGIN=root NAME='Lin Fang'
	@test -n "$(LOGIN)" -a -n "$(NAME)" || { echo "Say who: make admin LOGIN=root NAME='Lin Fang'"; exit 2; }
	@$(WITH_SETTINGS) $(PYTHON) -m services.organization.first_admin "$(LOGIN)" "$(NAME)"

messages: .ready ## gather texts for translation and name those that lack one
	@$(PYTHON) -m gateway.messages

token: .ready ## print an API token for somebody's programs: LOGIN=alice
	@test -n "$(LOGIN)" || { echo "Say whose: make token LOGIN=alice"; exit 2; }
	@$(WITH_SETTINGS) $(PYTHON) -m services.organization.token "$(LOGIN)"

shell: .ready ## a Python prompt with this copy's settings
	@$(WITH_SETTINGS) $(PYTHON)

logs: ## follow what the running programs write
	@tail -n 20 -F $${GUANXI_RUN_DIR:-.run}/log/*.log

bench: .ready-for-tests ## measure against the budgets, print one table
	@$(WITH_SETTINGS) $(PYTHON) -m bench

secrets: ## draw the secret file that docker-compose.yml needs
	@$(PYTHON3) -m deploy.container_secrets

lock: .ready-for-tests ## pin the newest versions that requirements*.in allow
	@for name in requirements requirements-dev requirements-node; do \
	  $(PYTHON) -m uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header \
	    $$name.in -o $$name.txt || exit 1; done

.PHONY: .ready .ready-for-tests
.ready:
	@$(PYTHON3) -m deploy.bootstrap up
.ready-for-tests:
	@$(PYTHON3) -m deploy.bootstrap test
