# make run: the app on http://localhost:8501   make test: all tests   make check: lint, types, import rules
# make demo: compute all that the demo needs beforehand, so that its first click shows maps
# make bench: benchmarks (make bench BENCH=--quick: under a minute each)   make bench-science: the table of strategies   make lock: pin requirements anew
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
APP := $(VENV)/.app
DEV := $(VENV)/.dev

.PHONY: run demo test check bench bench-science lock clean

run: $(APP)
	$(BIN)/streamlit run app.py

demo: $(APP)
	$(BIN)/python -m core demo

test: $(DEV)
	$(BIN)/python -m pytest

check: $(DEV)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest tests/test_imports.py tests/test_docs.py

bench: $(DEV)
	@for each in benchmarks/bench_*.py; do echo "## $$each"; $(BIN)/python $$each $(BENCH) || exit 1; echo; done

bench-science: $(DEV)
	$(BIN)/python benchmarks/bench_science.py

lock: $(DEV)
	$(BIN)/pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-annotate requirements.in -o requirements.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-annotate requirements-dev.in -o requirements-dev.txt

clean:
	rm -rf $(VENV)

# Each stamp is newer than the requirements it installed, so a second run starts at once.
$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Vectune needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version). Try: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(APP): requirements.txt $(VENV)/.made
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(DEV): requirements-dev.txt $(APP)
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@
