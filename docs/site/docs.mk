# The documentation as a site: `make docs`, then serve or open $(DOCS_SITE)/index.html. The generator lives in an
# environment of its own, so that the tests' stays as it is. A broken link or anchor fails.
#   DOCS_VERSION=0.1.0   builds this tree as that release, beside what was built before; otherwise it is `dev`
#   PICTURES=no          leaves out the pictures of demos, which need Chromium
#   STRICT=1             fails where there is no Chromium, instead of building without pictures
DOCS_BUILD := .make/docs
DOCS_SITE := $(DOCS_BUILD)/html
DOCS_VERSION ?= dev
PICTURES ?= yes
DOCS_PY := $(DOCS_BUILD)/venv/bin/python
DOCS_SOURCES := $(shell find docs -type f -not -name '*.pyc') CHANGELOG.md CONTRIBUTING.md README.md
# Files elsewhere that pages link to: named by the run before.
-include $(DOCS_BUILD)/linked.mk

.PHONY: docs
docs: $(DOCS_BUILD)/site-$(DOCS_VERSION)-$(PICTURES).stamp ## Build the documentation's site into .make/docs/html
	@echo 'The documentation: $(DOCS_SITE)/index.html'

$(DOCS_BUILD)/venv.stamp: docs/site/requirements.txt
	@mkdir -p $(DOCS_BUILD)
	@test -x $(DOCS_PY) || $(PYTHON) -m venv $(DOCS_BUILD)/venv
	@echo 'Installing Sphinx…'
	@$(DOCS_PY) -m pip install -q -r docs/site/requirements.txt
	@touch $@

ifeq ($(PICTURES),no)
$(DOCS_BUILD)/pictures-no.stamp:
	@rm -rf $(DOCS_BUILD)/source/pictures $(DOCS_BUILD)/pictures-yes.stamp
	@touch $@
else
$(DOCS_BUILD)/pictures-yes.stamp: docs/site/pictures.py docs/site/pictures.toml $(wildcard demos/*.py) .make/front | $(DOCS_BUILD)/venv.stamp .make/demos
	@echo 'Taking pictures of the demos…'
	@rm -f $(DOCS_BUILD)/pictures-no.stamp
	@STRICT=$(STRICT) $(DOCS_PY) docs/site/pictures.py $(DOCS_BUILD)/source/pictures $(PY)
	@touch $@
endif

$(DOCS_BUILD)/site-%.stamp: $(DOCS_BUILD)/venv.stamp $(DOCS_BUILD)/pictures-$(PICTURES).stamp $(DOCS_SOURCES) $(DOCS_LINKED)
	@$(DOCS_PY) docs/site/versions.py $(DOCS_SITE) $(DOCS_VERSION)
	@$(DOCS_PY) docs/site/stage.py $(DOCS_BUILD)/source $(DOCS_BUILD)/linked.mk
	@DOCS_VERSION=$(DOCS_VERSION) $(DOCS_PY) -m sphinx -q -W --keep-going -b html -c docs/site -d $(DOCS_BUILD)/doctrees/$(DOCS_VERSION) $(DOCS_BUILD)/source $(DOCS_SITE)/$(DOCS_VERSION)
	@$(DOCS_PY) docs/site/versions.py $(DOCS_SITE) $(DOCS_VERSION)
	@rm -f $(DOCS_BUILD)/site-$(DOCS_VERSION)-*.stamp
	@touch $@
