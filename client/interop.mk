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

# The oldest Python that the client declares, where it is at hand: PYTHON39=/path/to/python3.9
PYTHON39 ?= python3.9
CLIENT_TESTS := conftest.py scenarios.json test_arrival.py test_core.py test_scenarios.py test_sockets.py test_spaces.py \
	test_survival.py

.PHONY: client-python39
client-python39: ## Run the client's own tests under Python 3.9 (PYTHON39=...), installed as users install it
	@mkdir -p $(INTEROP_CACHE)
	$(PYTHON39) -c "import sys; assert sys.version_info[:2] == (3, 9), sys.version"
	rm -rf $(INTEROP_CACHE)/python-3.9
	$(PYTHON39) -m venv $(INTEROP_CACHE)/python-3.9
	$(INTEROP_CACHE)/python-3.9/bin/pip install --quiet --disable-pip-version-check ./client pytest pytest-asyncio pytest-timeout hypothesis
	mkdir -p $(addprefix $(INTEROP_CACHE)/python-3.9/run/tests/,client dispatch)
	touch $(addprefix $(INTEROP_CACHE)/python-3.9/run/tests/,__init__.py client/__init__.py dispatch/__init__.py)
	cp $(addprefix tests/client/,$(CLIENT_TESTS)) $(INTEROP_CACHE)/python-3.9/run/tests/client/
	cp tests/dispatch/data.py tests/dispatch/edits.json $(INTEROP_CACHE)/python-3.9/run/tests/dispatch/
	cd $(INTEROP_CACHE)/python-3.9/run
	../bin/python -m pytest -q -o asyncio_mode=auto -p no:cacheprovider --rootdir . tests
