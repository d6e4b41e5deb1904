# The end of each server with other versions of Python, where they are installed: on the path, or with pyenv.
# Each gets an environment of its own in the user's cache folder.
OTHER_PYTHONS := 3.12 3.13
PYTHONS_CACHE := $(if $(XDG_CACHE_HOME),$(XDG_CACHE_HOME),$(HOME)/.cache)/blocks-pythons

.PHONY: pythons
pythons: .make/dev $(OTHER_PYTHONS:%=try-python-%) ## The end of every server with Python 3.12 and 3.13

.PHONY: $(OTHER_PYTHONS:%=try-python-%)
$(OTHER_PYTHONS:%=try-python-%): try-python-%:
	@found=$$(command -v python$* || ls $(HOME)/.pyenv/versions/$*.*/bin/python 2>/dev/null | tail -n 1); \
	if [ -z "$$found" ]; then echo 'Python $* is not installed: not tried.'; exit 0; fi; \
	test -x $(PYTHONS_CACHE)/$*/bin/python || "$$found" -m venv $(PYTHONS_CACHE)/$*; \
	$(PYTHONS_CACHE)/$*/bin/python -m pip install -q -r requirements.txt 'uvicorn[standard]>=0.34,<1' 'gunicorn>=23,<27' 'uvicorn-worker>=0.3,<1'; \
	echo "Python $*:"; SERVER_PYTHON=$(PYTHONS_CACHE)/$*/bin/python pytest -q tests/shutdown
