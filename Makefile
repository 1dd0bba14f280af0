# Ruil: `make help` lists what there is.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON := .venv/bin/python
export PATH := $(CURDIR)/.venv/bin:$(PATH)

##@ Using Ruil
install: .venv/installed ## Install what running needs into .venv/, and nothing else
demo: install ## Try Ruil: a fictional organisation, its history, a mailbox (CHECK=1: verify and stop)
	@$(PYTHON) -m pip install -q --require-hashes -r demo/requirements.txt && CHECK=$(CHECK) $(PYTHON) -m demo
run: install ## Start web, worker and beat with the settings of the environment
	@flask db upgrade && exec honcho start web worker beat

##@ Working on Ruil
test: .venv/installed-dev ## Install what tests need, start servers on free ports, run everything
	@bash make/test
lint: .venv/installed-dev ## Style, types and the order of the rooms
	@ruff check . && ruff format --check . && mypy && lint-imports
bench: .venv/installed-dev ## How fast links are shown and answers kept, beside peers and limits
	@bash make/bench
bench-mail: .venv/installed-dev ## How fast mail leaves, and what a thousand kills of the sender do to it
	@bash make/bench-mail $(ARGUMENTS)
bench-mtas: .venv/installed-dev ## A round of 1,000 people through Postfix and OpenSMTPD into Dovecot, with faults (as root)
	@bash benchmarks/mtas/install && PATH=$$PATH:/usr/sbin $(PYTHON) -m benchmarks.mtas var/opensmtpd
bench-tick: .venv/installed-dev ## How long a tick takes when nothing is due, after a month and after a year
	@bash make/bench-tick
bench-scanners: .venv/installed-dev ## People and machines, beside the published methods (half an hour)
	@bash benchmarks/scanners/install && $(PYTHON) -m benchmarks.scanners $(ARGUMENTS)
bench-bounces: .venv/installed-dev ## Returned mail of five real mail servers, read by Ruil and beside it (needs root)
	@$(PYTHON) -m benchmarks.bounces $(ARGUMENTS)
bench-closing: .venv/installed-dev ## How long rounds of 1,000 to 1,000,000 people take to close
	@bash make/bench closing $(ARGUMENTS)
bench-disclosure: .venv/installed-dev ## Attack what is published
	@$(PYTHON) -m benchmarks.disclosure $(ARGUMENTS)
bench-reports: .venv/installed-dev ## A round's reports, beside one process each and beside Chromium
	@$(PYTHON) -m benchmarks.reports $(ARGUMENTS)
bench-scores: .venv/installed-dev ## Are scores and calls right, where the truth is known?
	@$(PYTHON) -m benchmarks.scores $(ARGUMENTS)
lock: .venv/installed-dev ## Lock the chosen packages with their hashes
	@for name in requirements requirements-dev demo/requirements; do \
	  uv pip compile -q --generate-hashes --python-version 3.11 $$name.in -o $$name.txt; done
clean: ## Remove everything that was made here
	@rm -rf .venv var .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

help: ## This list
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z-]+:.*## / {printf "  make %-17s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.venv/installed: requirements.txt make/install
	@bash make/install && touch $@
.venv/installed-dev: .venv/installed requirements-dev.txt make/install-dev
	@bash make/install-dev && touch $@

.PHONY: install demo run test lint bench bench-mail bench-mtas bench-tick bench-scanners bench-bounces bench-closing bench-disclosure bench-scores lock clean help bench-reports
