"""Which waiting job is next: concurrency groups, order, fairness, estimates of the wait. Pure: no I/O."""
