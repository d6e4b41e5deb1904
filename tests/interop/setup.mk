ifndef INTEROP_SETUP_READ # it may be included by others too
INTEROP_SETUP_READ := 1
# The official clients that the interop tests run, each in an environment of its own in the user's cache folder.
# `make interop-setup` creates them once; a changed requirements file or lock makes them anew. Each keeps a copy of what
# it was made of: a fresh clone has new dates, and would take them from the tests of another one.
INTEROP_CACHE ?= $(if $(XDG_CACHE_HOME),$(XDG_CACHE_HOME),$(HOME)/.cache)/blocks-interop
INTEROP_PYTHON ?= python3

.PHONY: interop-setup
interop-setup: $(INTEROP_CACHE)/client-1.0.1.stamp $(INTEROP_CACHE)/client-2.7.2.stamp $(INTEROP_CACHE)/js.stamp ## install Gradio's own clients for the interop tests

$(INTEROP_CACHE)/client-%.stamp: tests/interop/requirements-client-%.txt
	@mkdir -p $(INTEROP_CACHE); \
	if ! cmp -s $< $(INTEROP_CACHE)/client-$*/requirements.txt; then \
	  echo 'Installing gradio_client $*…'; \
	  rm -rf $(INTEROP_CACHE)/client-$* && $(INTEROP_PYTHON) -m venv $(INTEROP_CACHE)/client-$* && \
	  $(INTEROP_CACHE)/client-$*/bin/pip install --quiet --no-compile --disable-pip-version-check -r $< && \
	  cp $< $(INTEROP_CACHE)/client-$*/requirements.txt || exit 1; \
	fi; \
	touch $@

$(INTEROP_CACHE)/js.stamp: tests/interop/js/package.json tests/interop/js/package-lock.json
	@mkdir -p $(INTEROP_CACHE)/js; \
	if ! cmp -s tests/interop/js/package-lock.json $(INTEROP_CACHE)/js/made-of.json; then \
	  cp tests/interop/js/package.json tests/interop/js/package-lock.json $(INTEROP_CACHE)/js/ && \
	  (cd $(INTEROP_CACHE)/js && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) && \
	  cp tests/interop/js/package-lock.json $(INTEROP_CACHE)/js/made-of.json || exit 1; \
	fi; \
	touch $@

endif
