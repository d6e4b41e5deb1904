"""What `manage.py check --deploy` says of the workers of a site, and of what lies between them and it. Asks Redis."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Warning, register

from blocks_app.web.registry import all_mounts
from queue_app import conf
from queue_app.execution.engine import problem, shares_events
from queue_app.operations.processes.members import registered
from queue_app.operations.processes.service import CLOCKS, plain_functions

_NAMED = 5  # of one kind in one message
#: Celery's pools whose functions run in a process that can be ended alone.
_ENDED_ALONE = ("prefork", "processes")
#: Caches whose server drops what it likes when it is full, whatever is set here.
_DROPPING = ("PyMemcacheCache", "PyLibMCCache")
_SHORTEST = 60.0  # seconds of a visibility timeout


@register("blocks", deploy=True)
def check_pools(app_configs: Sequence[AppConfig] | None = None, **_: Any) -> Iterable[CheckMessage]:
    """blocks.W061: workers run plain functions in threads, where nobody can end one that was cancelled."""
    found = [each for each in _workers() if each.pool not in _ENDED_ALONE]
    plain = plain_functions(all_mounts()) if found else []
    if plain:
        nodes = ", ".join(sorted({f"{each.node or each.name} ({each.pool})" for each in found})[:_NAMED])
        more = f" and {len(plain) - _NAMED} more" if len(plain) > _NAMED else ""
        yield Warning(
            f"Workers whose pool cannot end a function run plain ones: {', '.join(plain[:_NAMED])}{more}. When such an "
            f"event is cancelled, its function goes on, and keeps its slot. The workers: {nodes}.",
            hint="Start them with `-P prefork`, or write these functions with async def or yield.",
            id="blocks.W061",
        )


@register("blocks", deploy=True)
def check_clocks(app_configs: Sequence[AppConfig] | None = None, **_: Any) -> Iterable[CheckMessage]:
    """blocks.W062: the clocks of the site's machines differ."""
    ahead = {each.host: each.clock for each in _registered() if abs(each.clock) > CLOCKS}
    if ahead:
        named = ", ".join(f"{host} by {clock:+.1f} s" for host, clock in sorted(ahead.items())[:_NAMED])
        yield Warning(
            f"Clocks differ from that of Redis: {named}. Waits, run times and the order of records are wrong then, and "
            "messages between processes may count as old.",
            hint="Let all machines set their clocks by NTP.",
            id="blocks.W062",
        )


@register("blocks", deploy=True)
def check_visibility(app_configs: Sequence[AppConfig] | None = None, **_: Any) -> Iterable[CheckMessage]:
    """blocks.W063, W065: Celery hands out again what somebody has only just been given, or runs."""
    if not _has_workers():
        return
    from queue_app.engines.inspection import handing_out  # Celery

    visible, acknowledges_late = handing_out()
    if visible is not None and visible < _SHORTEST:
        yield Warning(
            f"Celery's visibility_timeout is {visible:g} s: what waits in a worker for longer is handed out "
            "again and again.",
            hint="Leave it out of broker_transport_options, or make it an hour: leases find dead workers, not this.",
            id="blocks.W063",
        )
    if acknowledges_late:
        hours = (visible or 3600) / 3600
        yield Warning(
            f"Celery's task_acks_late is on: an event that runs for more than {hours:g} h is handed out again, to "
            "workers that then refuse it.",
            hint="Leave task_acks_late off for the task blocks.run: its lease says whose it is.",
            id="blocks.W065",
        )


@register("blocks", deploy=True)
def check_state_server(app_configs: Sequence[AppConfig] | None = None, **_: Any) -> Iterable[CheckMessage]:
    """blocks.W064: the server of the cache that keeps State drops entries when its memory is full."""
    alias = conf.state_cache()
    cache = settings.CACHES.get(alias or "", {})
    backend = str(cache.get("BACKEND", ""))
    if not alias or not backend:
        return
    policy = "its own choice" if backend.endswith(_DROPPING) else _policy(cache) if "edis" in backend else ""
    if policy:
        yield Warning(
            f"The cache {alias!r}, where State is kept, drops entries when its memory is full ({policy}): visitors "
            "would lose what they have.",
            hint="Give State a Redis of its own with `maxmemory-policy noeviction`, and memory enough.",
            id="blocks.W064",
        )


def _policy(cache: dict[str, Any]) -> str:
    """How a Redis drops what it keeps; "" where it does not, or cannot be asked."""
    from redis import Redis  # as that cache needs it, too
    from redis.exceptions import RedisError

    where = cache.get("LOCATION")
    address = str(where[0] if isinstance(where, (list, tuple)) else where).split(",")[0]
    try:
        with Redis.from_url(address, socket_timeout=3, socket_connect_timeout=3, decode_responses=True) as asked:
            policy = str(asked.config_get("maxmemory-policy").get("maxmemory-policy", "noeviction"))
    except (RedisError, ValueError):  # Django says what is wrong with it
        return ""
    return "" if policy == "noeviction" else f"maxmemory-policy {policy}"


def _has_workers() -> bool:
    return problem() is None and shares_events()


def _registered() -> list[Any]:
    if not _has_workers():
        return []
    try:
        return registered()
    except OSError:  # which another check tells
        return []


def _workers() -> list[Any]:
    return [each for each in _registered() if each.role == "worker"]
