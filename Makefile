# The two commands are `make run` and `make test`; each sets up what it needs, once.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check

.PHONY: run test setup lint lock words bundle clean

# Without a display the demo's results go to out/ instead of a window.
run: $(VENV)/.run
	@if [ "$$(uname)" = Darwin ] || [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ]; \
	then $(BIN)/gisapp; else $(BIN)/gisapp demo out; fi

test: $(VENV)/.dev
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest

setup: $(VENV)/.dev

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV) || python3 -m venv $(VENV)

# A stamp is newer than its lock file once everything in the lock is installed.
$(VENV)/.run: requirements.txt pyproject.toml | $(VENV)/bin/python
	$(PIP) install --quiet --require-hashes -r requirements.txt
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.run
	$(PIP) install --quiet --require-hashes -r requirements-dev.txt
	touch $@

lock: $(VENV)/.dev
	packaging/lock.sh

words: $(VENV)/.dev
	packaging/words.sh

bundle: $(VENV)/.dev
	packaging/linux/build.sh

clean:
	rm -rf $(VENV) out build dist
