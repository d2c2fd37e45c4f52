# One way in. Every target works on a fresh machine: what is missing is installed first.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
EXTRAS := agent desktop cloud simbank
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-emit-index-url --no-emit-find-links --no-annotate

.DEFAULT_GOAL := help
.PHONY: help demo test test-long check bench pictures directory lock clean

help:
	@echo "make demo       the main job on this machine; ONCE=1: without windows, prints a summary"
	@echo "make test       unit and system tests"
	@echo "make test-long  the long tests; FULL=1: at full size; SEED=17: of the faults only these"
	@echo "make check      style, types, arrows between the parts, licences, links, words, translations"
	@echo "make bench      measures, writes bench/results.json"
	@echo "make pictures   takes the pictures of the docs"
	@echo "make directory  makes the directory of banks and branches anew"
	@echo "make lock       pins requirements/ anew; UPGRADE=--upgrade: to the newest versions"
	@echo "make clean      removes what the other targets made"

demo: $(READY)
	ONCE=$(ONCE) $(BIN)/python -m demo

test: $(READY)
	$(BIN)/pytest -n 2 --dist loadfile tests/unit tests/system

test-long: $(READY)
	FULL=$(FULL) $(BIN)/pytest tests/long

check: $(READY)
	scripts/check

bench: $(READY)
	$(BIN)/python -m tests.benchmarks

pictures: $(READY)
	$(BIN)/python -m tests.pictures

directory: $(READY)
	$(BIN)/python -m scripts.directory

# dev.txt knows every use, so the others are cut from it and agree with it.
lock: | $(BIN)/uv
	$(COMPILE) $(UPGRADE) pyproject.toml --all-extras --group dev --output-file requirements/dev.txt
	for extra in $(EXTRAS); do \
		$(COMPILE) pyproject.toml --extra $$extra --constraints requirements/dev.txt \
			--output-file requirements/$$extra.txt || exit 1; \
	done

clean:
	rm -rf $(VENV) build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find src tests scripts demo -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true

# Pins that cannot be installed must not keep anybody from pinning anew.
$(BIN)/uv:
	$(MAKE) $(READY)

$(READY): requirements/dev.txt pyproject.toml scripts/setup-debian
	scripts/setup-debian
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@
