.PHONY: soak
soak: .make/python ## 100,000 events and 10,000 sessions come and go: memory, threads, files stay
	@$(PY) -m benchmarks.soak
