# VENV=path uses an environment that is there already.
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: setup check format-check lint types imports test coverage engine benchmark monorepo cases

setup:
	python3 -m venv $(VENV)
	$(BIN)/pip install --upgrade pip
	$(BIN)/pip install --editable . --group dev

check: format-check lint types imports test

format-check:
	$(BIN)/ruff format --check .

lint:
	$(BIN)/ruff check .

types:
	$(BIN)/mypy

imports:
	$(BIN)/lint-imports --no-logo

test:
	$(BIN)/pytest -m "not engine"

# every branch of codemod/ is tested
coverage:
	$(BIN)/coverage run -m pytest -m "not engine" && $(BIN)/coverage combine && $(BIN)/coverage report

# on a real Docker Engine: DOCKER_HOST's, or the one this machine has
engine:
	REQUIRE_ENGINE=1 $(BIN)/pytest -m engine

benchmark:
	$(BIN)/python benchmarks/startup.py
	$(BIN)/python benchmarks/detection.py

# a tree of ten thousand Dockerfiles, and who looks at it how fast: takes minutes
monorepo:
	$(BIN)/python benchmarks/monorepo.py

# what is expected, as the program does it now: read the diff
cases:
	$(BIN)/pytest --update-cases tests/test_cases.py tests/test_docs.py; git diff --stat tests/cases README.md docs
