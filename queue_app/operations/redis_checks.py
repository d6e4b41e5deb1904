"""What `manage.py check --deploy` says of the Redis that web processes and workers share, and of those. Asks it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Warning, register

from blocks_app.web.registry import all_mounts, revision
from queue_app import conf

_ENGINE = "queue_app.engines.celery.CeleryEngine"
_NAMED = 5  # workers in one message


@register("blocks", deploy=True)
def check_redis(app_configs: Sequence[AppConfig] | None = None, **_: Any) -> Iterable[CheckMessage]:
    """blocks.E046, W046, W047: the Redis of the queue is away; or it may forget what was accepted."""
    if conf.engine() != _ENGINE:
        return
    from redis import Redis
    from redis.exceptions import RedisError

    try:
        with Redis.from_url(
            conf.redis_url(), socket_timeout=3, socket_connect_timeout=3, decode_responses=True
        ) as asked:
            policy = str(asked.config_get("maxmemory-policy").get("maxmemory-policy", "noeviction"))
            kept = str(asked.config_get("appendonly").get("appendonly", "yes"))
    except RedisError as error:
        hint = "Start it, or let BLOCKS_REDIS_URL name the one that runs; a Redis that hides CONFIG cannot be checked."
        yield Error(f"The Redis of the queue cannot be asked: {type(error).__name__}.", hint=hint, id="blocks.E046")
        return
    if kept != "yes":
        yield Warning(
            "Redis keeps no append-only file: when it is restarted, events are lost that wait or run.",
            hint="Set `appendonly yes` for the Redis of BLOCKS_REDIS_URL.",
            id="blocks.W046",
        )
    if policy != "noeviction":
        yield Warning(
            f"Redis may drop what it keeps when its memory is full (maxmemory-policy {policy}): events would vanish.",
            hint="Set `maxmemory-policy noeviction`, and give caches a Redis of their own.",
            id="blocks.W047",
        )


@register("blocks", deploy=True)
def check_versions(app_configs: Sequence[AppConfig] | None = None, **_: Any) -> Iterable[CheckMessage]:
    """blocks.W060, W066: workers lack an app of this site, or run another version of it than this code; or no worker
    takes from a queue."""
    if conf.engine() != _ENGINE:
        return
    from redis.exceptions import RedisError

    from queue_app.engines.worker_registry import processes_now

    try:
        workers = [each for each in processes_now() if each.role == "worker"]
    except RedisError:  # which another check tells
        return
    for mount in all_mounts():
        own = revision(mount)
        lacking = sorted({each.node for each in workers if mount.key not in each.apps})
        others = sorted({each.node for each in workers if each.apps.get(mount.key, own) != own})
        for nodes, what in ((lacking, "do not have this app"), (others, "run another version of it")):
            if nodes:
                text = f"Workers {what}: {', '.join(nodes[:_NAMED])}. They hand on the events of {mount.key}."
                hint = "Start workers with the code and the settings that web processes have; end the old ones then."
                yield Warning(text, hint=hint, id="blocks.W060")
    if not workers:
        return  # they may be started after the check
    taken = {queue for each in workers for queue in each.queues}
    for queue in sorted({"blocks", *map(str, conf.worker_queues().values())} - taken):
        text = f"No worker takes from the Celery queue {queue}: events for it wait {conf.worker_wait():g} s, and end."
        yield Warning(text, hint=f"celery -A myproject worker -Q {queue}", id="blocks.W066")
