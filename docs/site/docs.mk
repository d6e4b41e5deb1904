# The documentation as a site: `make docs`, then serve or open $(DOCS_SITE)/index.html. The generator lives in an
# environment of its own, so that the tests' stays as it is. A broken link or anchor fails.
DOCS_BUILD := .make/docs
DOCS_SITE := $(DOCS_BUILD)/html
DOCS_PY := $(DOCS_BUILD)/venv/bin/python
DOCS_SOURCES := $(shell find docs -type f -not -name '*.pyc') CHANGELOG.md CONTRIBUTING.md README.md
# Files elsewhere that pages link to: named by the run before.
-include $(DOCS_BUILD)/linked.mk

.PHONY: docs
docs: $(DOCS_BUILD)/site.stamp ## Build the documentation's site into .make/docs/html
	@echo 'The documentation: $(DOCS_SITE)/index.html'

$(DOCS_BUILD)/venv.stamp: docs/site/requirements.txt
	@mkdir -p $(DOCS_BUILD)
	@test -x $(DOCS_PY) || $(PYTHON) -m venv $(DOCS_BUILD)/venv
	@echo 'Installing Sphinx…'
	@$(DOCS_PY) -m pip install -q -r docs/site/requirements.txt
	@touch $@

$(DOCS_BUILD)/site.stamp: $(DOCS_BUILD)/venv.stamp $(DOCS_SOURCES) $(DOCS_LINKED)
	@$(DOCS_PY) docs/site/stage.py $(DOCS_BUILD)/source $(DOCS_BUILD)/linked.mk
	@$(DOCS_PY) -m sphinx -q -W --keep-going -b html -c docs/site -d $(DOCS_BUILD)/doctrees $(DOCS_BUILD)/source $(DOCS_SITE)
	@touch $@
