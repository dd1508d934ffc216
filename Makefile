# The commands of the house. `make help` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
OUT := out/demo
CORE := $(VENV)/core.stamp
DEV := $(VENV)/dev.stamp
COMPILE := --quiet --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11

.DEFAULT_GOAL := help
.PHONY: help demo test check bench soak lock serve clean

help: ## this list
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

# The stamps hold the locks' fingerprints: a changed lock rebuilds, an unchanged one costs nothing.
$(CORE): requirements/core.txt pyproject.toml tools/link.py | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/core.txt
	$(BIN)/python tools/link.py
	$(BIN)/python -m logistics.solver.warm
	@touch $@

$(DEV): requirements/dev.txt pyproject.toml tools/link.py | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/python tools/link.py
	$(BIN)/python -m logistics.solver.warm
	@touch $@ $(CORE)

demo: $(CORE) ## plan the bundled Takatsuki week: plan, sheets and map in out/demo/
	@$(BIN)/osusowake demo --out $(OUT)

test: $(DEV) ## the whole test suite
	$(BIN)/python -m pytest -n 2 --dist loadfile

check: $(DEV) ## format, lint, types, import arrows, message catalogues
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/check_messages.py

bench: $(DEV) ## measure, print and keep the figures (minutes)
	$(BIN)/python -m benchmarks.week

soak: $(DEV) ## the figures of reliability on SQLite and a PostgreSQL of its own (some 20 minutes)
	$(BIN)/python -m benchmarks.reliability

lock: $(DEV) ## solve the dependency locks again, all extras together
	$(BIN)/uv pip compile $(COMPILE) --extra dev pyproject.toml -o requirements/dev.txt
	$(BIN)/uv pip compile $(COMPILE) -c requirements/dev.txt pyproject.toml -o requirements/core.txt

serve: $(CORE) ## the planned demo week in a browser, on loopback
	@test -f $(OUT)/plan.json || $(MAKE) --no-print-directory demo
	$(BIN)/osusowake serve scenarios/takatsuki/week-2026-11-23 $(OUT)/plan.json

clean: ## remove everything that can be made again
	rm -rf $(VENV) out .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
