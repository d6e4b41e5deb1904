"""Which waiting job is next: concurrency groups, order, fairness, estimates of the wait.

The noun is the queue entry. Pure: time is given, what is to be told is returned; but for `redis_scheduler`, which asks
Redis, for all processes of a site. For engines alone.

Interface: `scheduler`, `redis_scheduler`, `estimates`.
"""
