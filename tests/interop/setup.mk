ifndef INTEROP_SETUP_READ # it may be included by others too
INTEROP_SETUP_READ := 1
# The official clients that the interop tests run, each in an environment of its own in the user's cache folder.
# `make interop-setup` creates them once; a changed requirements file or lock makes them anew.
INTEROP_CACHE ?= $(if $(XDG_CACHE_HOME),$(XDG_CACHE_HOME),$(HOME)/.cache)/blocks-interop
INTEROP_PYTHON ?= python3

.PHONY: interop-setup
interop-setup: $(INTEROP_CACHE)/client-1.0.1.stamp $(INTEROP_CACHE)/client-2.7.2.stamp $(INTEROP_CACHE)/js.stamp ## install Gradio's own clients for the interop tests

$(INTEROP_CACHE)/client-%.stamp: tests/interop/requirements-client-%.txt
	@mkdir -p $(INTEROP_CACHE)
	rm -rf $(INTEROP_CACHE)/client-$*
	$(INTEROP_PYTHON) -m venv $(INTEROP_CACHE)/client-$*
	$(INTEROP_CACHE)/client-$*/bin/pip install --quiet --disable-pip-version-check -r $<
	@touch $@

$(INTEROP_CACHE)/js.stamp: tests/interop/js/package.json tests/interop/js/package-lock.json
	@mkdir -p $(INTEROP_CACHE)/js
	cp tests/interop/js/package.json tests/interop/js/package-lock.json $(INTEROP_CACHE)/js/
	cd $(INTEROP_CACHE)/js && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

endif
