"""Which waiting job is next: concurrency groups, order, fairness, estimates of the wait.

The noun is the queue entry. Pure: time is given, what is to be told is returned. For `execution` alone.

Interface: `scheduler`, `estimates`.
"""
