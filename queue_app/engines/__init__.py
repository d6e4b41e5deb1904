"""Engines that run events elsewhere than in the server's own process, behind the same interface.

The noun is the asked work: what a web process asks of a worker, as text. `BLOCKS_ENGINE` names `celery.CeleryEngine`;
a worker's process loads `celery_app`. Nothing here is imported unless a site asks for it.

Interface: `celery`, `celery_app`, `inspection`, `passing_time`, `worker_registry`.
"""
