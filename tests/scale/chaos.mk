# The long run of tests/scale/: `make chaos`, or `make chaos SEED=7 KILLS=100`.
SEED ?= 1
KILLS ?= 40

.PHONY: chaos
chaos: .make/dev .make/front launch-setup ## Kill processes of a site of several while 2,000 events run
	@$(PY) -m tests.scale $(SEED) $(KILLS)
