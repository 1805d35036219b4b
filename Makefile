# `make` lists the commands. Each command installs its requirements: pinned packages with checked
# hashes in a virtual environment of the project, and a browser for the tests.

VENV := .venv
BIN := $(VENV)/bin
HOST ?= 127.0.0.1:8000
export NO_MKDOCS_2_WARNING := 1
export AS_OF

.DEFAULT_GOAL := help
.PHONY: help site cards serve check watch import test lint bench measure audit lock clean

help: ## list the commands
	@sed -n 's/^\([a-z]*\):.*## /\1|/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "make %-7s %s\n", $$1, $$2}'

site: $(VENV)/site ## build the site into site/ (AS_OF=2022-04-30: as on that day)
	$(BIN)/mkdocs build --strict

cards: $(VENV)/cards ## draw the social cards, which `make site` uses if they exist
	$(BIN)/python scripts/cards.py $(if $(AS_OF),--as-of $(AS_OF))

serve: $(VENV)/site ## serve a preview of the site, rebuilt after every change (HOST=127.0.0.1:8000)
	$(BIN)/mkdocs serve --livereload --dirty --dev-addr $(HOST)

check: $(VENV)/site ## check entries and pages (AGAINST=origin/main: also for lost ids)
	$(BIN)/python scripts/check.py $(if $(AGAINST),--against $(AGAINST))

watch: $(VENV)/site ## check after every change, until Ctrl-C
	@$(BIN)/python scripts/check.py --watch

import: $(VENV)/import ## draft entries from a newsletter (FILE=newsletter.pdf MONTH=2022-05 NEWSLETTER=id)
	@$(BIN)/python scripts/import_newsletter.py "$(FILE)" $(if $(MONTH),--month $(MONTH)) \
		$(if $(NEWSLETTER),--newsletter $(NEWSLETTER))

test: $(VENV)/dev ## run every check and test (STAGES="lint fast contributions site")
	$(BIN)/python tools/run_tests.py $(STAGES)

lint: $(VENV)/dev ## format the code and fix what can be fixed
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/dev ## time builds of invented entries, here and with other generators (COUNTS="100 1000 10000")
	$(BIN)/python tools/bench.py --others $(COUNTS)

measure: $(VENV)/dev ## compare drafts from the newsletters in FOLDER with the entries that cite them
	@PYTHONPATH=scripts $(BIN)/python tools/measure_import.py "$(FOLDER)"

audit: $(VENV)/audit ## look up known vulnerabilities of the pinned packages
	for file in requirements*.txt; do $(BIN)/pip-audit --disable-pip --require-hashes --requirement $$file || exit; done

lock: ## update the pinned versions and their hashes (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-annotate --no-header pyproject.toml --output-file requirements.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-annotate --no-header pyproject.toml --group cards --output-file requirements-cards.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-annotate --no-header pyproject.toml --group import --output-file requirements-import.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-annotate --no-header pyproject.toml --group dev --output-file requirements-dev.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-annotate --no-header --group audit --output-file requirements-audit.txt

clean: ## remove all generated files
	rm -rf build site .site.* $(VENV)

$(BIN)/python:
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed" >&2; exit 1; }
	@python3 -c 'import ensurepip' 2>/dev/null || { echo "Python's venv is missing; on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	python3 -m venv $(VENV)

$(VENV)/site: requirements.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.txt
	@touch $@

$(VENV)/cards: requirements-cards.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-cards.txt
	@touch $@ $(VENV)/site

$(VENV)/import: requirements-import.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-import.txt
	@touch $@ $(VENV)/site

$(VENV)/dev: requirements-dev.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-dev.txt
	@touch $@ $(VENV)/site $(VENV)/cards $(VENV)/import

$(VENV)/audit: requirements-audit.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-audit.txt
	@touch $@
