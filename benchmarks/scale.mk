.PHONY: scale
scale: .make/dev .make/front ## Measure what events cost on several processes; needs Redis and nginx
	@$(PY) -m benchmarks.scale $(ARGS)
