# Every Python that the machine has, with the oldest and the newest releases of what we need, each in an environment of
# its own in the user's cache folder. ARGS="3.13 newest" tries one place of the table.
.PHONY: matrix
matrix: .make/dev .make/front ## Try each Python at hand with the oldest and newest releases
	@$(PY) -m tests.matrix $(ARGS)
