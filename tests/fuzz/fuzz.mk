.PHONY: fuzz
fuzz: .make/dev .make/front ## Send 20,000 made-up requests to every endpoint of a real server
	@DJANGO_SETTINGS_MODULE=project.settings $(PY) -m tests.fuzz $(ARGS)
