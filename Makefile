# `make help` lists what there is. Everything installs from requirements.lock into .venv, nothing else is touched.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
BIN2 := .venv-duckdb2/bin
DUCKDB := 1.5.6
SIZES ?= 1
# Besides the unit tests, what must pass on both lines of DuckDB: loading, publishing, scores against the reference.
CORE_TESTS := $(addprefix tests/python/test_load,.py _refused.py _tsv.py _unreadable.py) \
	tests/python/test_publish.py tests/python/test_dbt.py tests/python/test_reference.py tests/python/test_laws.py

# Two files of tests at a time, in the order of tests/python/conftest.py; what a file builds once, its tests share.
SIDE_BY_SIDE := --numprocesses 2 --dist loadfile --no-loadscope-reorder

.DEFAULT_GOAL := help
.PHONY: help install demo test test-all lint unit benchmark lock test-duckdb2 clean

help:  ## list the targets
	@grep -E '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

install: .venv/installed  ## install into .venv from the lock

.venv/installed: requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	$(BIN)/python -m activity_score.parsed_project
	touch $@

demo: install  ## write the sample company's data, build it, print the top accounts
	$(BIN)/activity-score demo

test: install lint unit  ## every test that needs no system package
	$(BIN)/python -m pytest $(SIDE_BY_SIDE) -m "not system"

test-all: install lint unit  ## every test
	$(BIN)/python -m pytest $(SIDE_BY_SIDE)

lint: install  ## ruff, sqlfluff, and the keys of our YAML files
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/python scripts/check_yaml_keys.py
	$(BIN)/python scripts/lint_sql.py

unit: install  ## dbt's unit tests, on empty tables
	$(BIN)/python scripts/dbt_unit_tests.py

benchmark: install  ## SIZES="1 10 100" million activities (default: 1) beside the hand-written baseline
	$(BIN)/python scripts/benchmark/run.py --sizes $(SIZES)

.venv-duckdb2/installed: requirements.lock pyproject.toml
	test -x $(BIN2)/python || $(PYTHON) -m venv .venv-duckdb2
	$(BIN2)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN2)/python -m pip install --quiet --disable-pip-version-check --no-deps "duckdb>=2.0,<2.1"
	$(BIN2)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

test-duckdb2: .venv-duckdb2/installed  ## the unit tests and the core's Python tests on DuckDB 2.0
	$(BIN2)/python scripts/dbt_unit_tests.py
	$(BIN2)/python -m pytest $(SIDE_BY_SIDE) -m "not system" $(CORE_TESTS)

lock:  ## renew requirements.lock
	test -x .venv-lock/bin/pip-compile || ($(PYTHON) -m venv .venv-lock && .venv-lock/bin/pip install --quiet pip-tools)
	echo "duckdb==$(DUCKDB)" > .venv-lock/constraints.txt
	.venv-lock/bin/pip-compile --quiet --all-extras --generate-hashes --allow-unsafe --no-strip-extras --no-header \
		--no-emit-index-url --no-emit-trusted-host --no-emit-find-links \
		--constraint .venv-lock/constraints.txt --output-file requirements.lock pyproject.toml
	sed -i 's|-c .venv-lock/constraints.txt|-c the DuckDB version in the Makefile|' requirements.lock

clean:  ## remove what was installed and built; the data directory stays
	rm -rf .venv .venv-duckdb2 .venv-lock target logs warehouse .pytest_cache .ruff_cache .hypothesis
