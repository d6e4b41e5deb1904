# Every client against every server: ours and Gradio's. Each in an environment of its own in the user's cache folder.
# `make interop` writes docs/compatibility.md. The clients' environments are those of tests/interop/setup.mk.
include tests/interop/setup.mk

INTEROP_SERVERS := 4.36 5 6

.PHONY: interop
interop: .make/dev interop-setup $(INTEROP_SERVERS:%=$(INTEROP_CACHE)/gradio-%.stamp) ## Run our client and Gradio's against ours and Gradio's servers; writes docs/compatibility.md
	@$(PY) -m tests.interop.matrix $(ARGS)

$(INTEROP_CACHE)/gradio-%.stamp: tests/interop/requirements-gradio-%.txt
	@mkdir -p $(INTEROP_CACHE)
	rm -rf $(INTEROP_CACHE)/gradio-$*
	$(INTEROP_PYTHON) -m venv $(INTEROP_CACHE)/gradio-$*
	$(INTEROP_CACHE)/gradio-$*/bin/pip install --quiet --disable-pip-version-check -r $<
	@touch $@
