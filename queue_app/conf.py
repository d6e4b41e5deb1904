"""Settings of queue_app, read at each use so that `override_settings` holds."""

from __future__ import annotations

import os
from typing import Any

from auth_app.optional_settings import optional
from queue_app import databases

#: Settings whose names were others: an old one is read where the new one is not set.
RENAMED = {
    "BLOCKS_EVENT_LOG": "BLOCKS_LEDGER",
    "BLOCKS_EVENT_LOG_SIZE": "BLOCKS_LEDGER_SIZE",
    "BLOCKS_EVENT_LOG_INPUTS": "BLOCKS_LEDGER_INPUTS",
    "BLOCKS_EVENT_LOG_VISITOR": "BLOCKS_LEDGER_VISITOR",
    "BLOCKS_EVENT_LOG_KEPT": "BLOCKS_LEDGER_KEPT",
    "BLOCKS_MESSAGE_BUS": "BLOCKS_POST",
    "BLOCKS_MESSAGE_BUS_INTERVAL": "BLOCKS_POST_BEAT",
}


def _setting(name: str, default: Any) -> Any:
    old = RENAMED.get(f"BLOCKS_{name}")
    if old is not None:
        default = optional(old, default)
    return optional(f"BLOCKS_{name}", default)


def server() -> str:
    """`BLOCKS_SERVER`: what launch() and runblocks serve with, "daphne" or "uvicorn" (an extra); the environment
    variable of this name wins; "daphne"."""
    return str(os.environ.get("BLOCKS_SERVER") or _setting("SERVER", None) or "daphne").strip().lower()


def engine() -> str:
    """`BLOCKS_ENGINE`: the dotted path of the class that runs the events of an app, as
    `queue_app.execution.engine.Engine` says; "queue_app.execution.memory_engine.MemoryEngine", in the server's own
    process."""
    return str(_setting("ENGINE", None) or "queue_app.execution.memory_engine.MemoryEngine")


def redis_url() -> str:
    """`BLOCKS_REDIS_URL`: the Redis that the processes of a site share: where `BLOCKS_ENGINE` is one that runs events
    elsewhere, and to wake each other; the environment variable of this name wins; "redis://127.0.0.1:6379/0" for
    engines, none for the rest."""
    return shared_redis() or "redis://127.0.0.1:6379/0"


def shared_redis() -> str:
    """The same where the site names one; "" where it does not."""
    return os.environ.get("BLOCKS_REDIS_URL") or str(_setting("REDIS_URL", None) or "")


def celery_app() -> str:
    """`BLOCKS_CELERY_APP`: the dotted path of the site's own Celery app, by which events are sent to workers; "" for
    one of ours, whose broker is `BLOCKS_REDIS_URL`."""
    return str(_setting("CELERY_APP", None) or "")


def worker_timeout() -> float:
    """`BLOCKS_WORKER_TIMEOUT`: seconds after which a worker counts as dead that gives no sign of life, where
    `BLOCKS_ENGINE` runs events in workers; its events end then, and their slots are free; 8."""
    return max(0.5, float(_setting("WORKER_TIMEOUT", 8)))


def worker_pause() -> float:
    """Seconds between two signs of life of a process, where `BLOCKS_ENGINE` runs events in workers."""
    return min(2.0, worker_timeout() / 4)


def worker_queues() -> dict[str, str]:
    """`BLOCKS_WORKER_QUEUES`: which Celery queue gets the events of a group, by its `concurrency_id`, or those of a
    whole app, by the module that declares it; "blocks" gets all others: {"gpu": "blocks-gpu"}."""
    found: dict[str, str] = _setting("WORKER_QUEUES", None) or {}
    return found


def worker_wait() -> float:
    """`BLOCKS_WORKER_WAIT`: seconds after which an event ends that no worker can run, as none is there that has its app
    and takes from its queue; 60. Raise it where workers are started only when somebody asks for them."""
    return max(0.0, float(_setting("WORKER_WAIT", 60)))


def worker_grace() -> float:
    """`BLOCKS_WORKER_GRACE`: seconds that running events have when a worker is told to end (SIGTERM); 25. Then it parts
    with them, and those are run again that may be."""
    return max(0.0, float(_setting("WORKER_GRACE", 25)))


def cancel_grace() -> float:
    """`BLOCKS_CANCEL_GRACE`: seconds that a plain function has to stop after its event was cancelled or its time was
    over, where it runs in a process of Celery's prefork pool; then it is ended with that process, and another one takes
    its place; 5."""
    return max(0.0, float(_setting("CANCEL_GRACE", 5)))


def max_body_size() -> int:
    """`BLOCKS_MAX_BODY_SIZE`: most bytes of one JSON request or WebSocket message; 32 MiB. Files go by upload."""
    return int(_setting("MAX_BODY_SIZE", 32 * 1024 * 1024))


def trust_root_path() -> bool:
    """`BLOCKS_TRUST_ROOT_PATH`: whether Daphne may take the site's prefix from the header `Daphne-Root-Path`; False, as
    any visitor can send it. True only behind a proxy that sets or removes it."""
    return bool(_setting("TRUST_ROOT_PATH", False))


def session_grace() -> float:
    """`BLOCKS_SESSION_GRACE`: seconds until the events of a session that nobody reads are dropped, and its answers
    freed but for small ones; 60."""
    return float(_setting("SESSION_GRACE", 60))


def endless_grace() -> float:
    """`BLOCKS_ENDLESS_GRACE`: the same for events that repeat while the page is open (`every=`), and for all events of
    readers that cannot come back because they have no numbers; 5."""
    return float(_setting("ENDLESS_GRACE", 5))


def session_lifetime() -> float:
    """`BLOCKS_SESSION_LIFETIME`: seconds until a session without connections is forgotten with its state; 3600."""
    return float(_setting("SESSION_LIFETIME", 3600))


def unread_size() -> int:
    """`BLOCKS_UNREAD_SIZE`: most bytes of answers that wait for one session's reader; 128 MiB. A larger answer ends its
    event with a sentence; of smaller ones the oldest make room, and their events end so."""
    return int(_setting("UNREAD_SIZE", 128 * 1024 * 1024))


def unread_total() -> int:
    """`BLOCKS_UNREAD_TOTAL`: the same for all sessions of a process; 512 MiB. What nobody reads makes room first."""
    return int(_setting("UNREAD_TOTAL", 512 * 1024 * 1024))


def shutdown_grace() -> float:
    """`BLOCKS_SHUTDOWN_GRACE`: seconds that running events have to end when the server is told to end; 3."""
    return max(0.0, float(_setting("SHUTDOWN_GRACE", 3)))


def state_cache() -> str | None:
    """`BLOCKS_STATE_CACHE`: the alias of the Django cache that keeps gr.State values; None keeps live objects here."""
    alias = _setting("STATE_CACHE", None)
    return str(alias) if alias else None


def unload_grace() -> float:
    """`BLOCKS_UNLOAD_GRACE`: seconds in which a lost connection may come back before `Blocks.unload` runs; 20."""
    return float(_setting("UNLOAD_GRACE", 20))


def event_log() -> bool:
    """`BLOCKS_EVENT_LOG`: whether events and sessions are written to the database; where there is one, by default, but
    not in Django's tests."""
    chosen = _setting("EVENT_LOG", None)
    if chosen is not None:
        return bool(chosen)
    return databases.are_there()


def message_bus() -> bool:
    """`BLOCKS_MESSAGE_BUS`: whether the site's processes tell each other of logouts and of what is done in the admin;
    where there is a database that others may share, by default, but not in Django's tests."""
    chosen = _setting("MESSAGE_BUS", None)
    if chosen is not None:
        return bool(chosen)
    return databases.can_be_shared()


def urlconf() -> str | None:
    """`BLOCKS_URLCONF`: the dotted path of a function that gives the urlconf for a request, or None for ROOT_URLCONF,
    where a middleware of the site chooses it; events do not pass middleware."""
    chosen = _setting("URLCONF", None)
    return str(chosen) if chosen else None


def message_bus_interval() -> float:
    """`BLOCKS_MESSAGE_BUS_INTERVAL`: seconds between two looks for what other processes say; 1."""
    return max(0.05, float(_setting("MESSAGE_BUS_INTERVAL", 1)))


def file_rows() -> bool:
    """`BLOCKS_FILE_ROWS`: whether visitors' files are rows of the database; where there is one, by default, but not in
    Django's tests."""
    chosen = _setting("FILE_ROWS", None)
    if chosen is not None:
        return bool(chosen)
    return databases.are_there() and not databases.in_tests()


def event_log_size() -> int:
    """`BLOCKS_EVENT_LOG_SIZE`: most changes that may wait to be written; further ones are dropped and counted;
    50,000."""
    return int(_setting("EVENT_LOG_SIZE", 50_000))


def event_log_inputs() -> int:
    """`BLOCKS_EVENT_LOG_INPUTS`: most bytes of inputs kept of a failed or cancelled event, for retries; 65,536; 0
    none."""
    return int(_setting("EVENT_LOG_INPUTS", 65_536))


def flags_visitor() -> int:
    """`BLOCKS_FLAGS_VISITOR`: most bytes of values that one visitor (without a login: one address) may flag within a
    day, 64 MiB; their files count as the visitor's (`BLOCKS_UPLOAD_QUOTA`)."""
    return int(_setting("FLAGS_VISITOR", 64 * 1024 * 1024))


def event_log_visitor() -> int:
    """`BLOCKS_EVENT_LOG_VISITOR`: most bytes of inputs and tracebacks kept of one visitor's events, 2,097,152."""
    return int(_setting("EVENT_LOG_VISITOR", 2 * 1024 * 1024))


def event_log_kept() -> int:
    """`BLOCKS_EVENT_LOG_KEPT`: most bytes of inputs and tracebacks kept of all events, 268,435,456."""
    return int(_setting("EVENT_LOG_KEPT", 256 * 1024 * 1024))


def event_retention() -> float:
    """`BLOCKS_EVENT_RETENTION`: days after which `blocks_sweep` deletes events, sessions and figures; 30."""
    return float(_setting("EVENT_RETENTION", 30))


def metrics() -> bool:
    """`BLOCKS_METRICS`: whether `metrics` of queue_app.urls answers at all; True."""
    return bool(_setting("METRICS", True))


def health() -> str:
    """`BLOCKS_HEALTH`: who may ask `health` and `ready`: "staff" (and the token's bearer), "public", "" nobody."""
    return str(_setting("HEALTH", "staff") or "")


def monitoring_token() -> str:
    """`BLOCKS_MONITORING_TOKEN`: what programs send as `Authorization: Bearer …` to metrics and health; "" none."""
    return str(_setting("MONITORING_TOKEN", "") or "")


def tracing() -> bool:
    """`BLOCKS_TRACING`: whether events are told to OpenTelemetry; False."""
    return bool(_setting("TRACING", False))


def rate_limit() -> str:
    """`BLOCKS_RATE_LIMIT`: events and uploads of one person or address, such as "60/m" or "5/10s"; "" no limit."""
    return str(_setting("RATE_LIMIT", "") or "")


def connections_per_user() -> int:
    """`BLOCKS_CONNECTIONS_PER_USER`: sockets and streams that one person has open in a process; 200; 0 no limit."""
    return int(_setting("CONNECTIONS_PER_USER", 200) or 0)


def connections_per_address() -> int:
    """`BLOCKS_CONNECTIONS_PER_ADDRESS`: the same for people unknown, by their address; 0, as a proxy is one address."""
    return int(_setting("CONNECTIONS_PER_ADDRESS", 0) or 0)


def socket_rate() -> float:
    """`BLOCKS_SOCKET_RATE`: messages a second that one page may send, by socket or long polling; 200; 0 no limit."""
    return float(_setting("SOCKET_RATE", 200) or 0)


def slow_reader() -> float:
    """`BLOCKS_SLOW_READER`: seconds after which a reader is dropped who takes nothing of what waits for it; 60."""
    return float(_setting("SLOW_READER", 60))


def slow_writer() -> float:
    """`BLOCKS_SLOW_WRITER`: seconds in which the head of a request has to come, and its body unless it comes with 500
    bytes a second; 30; 0 for as long as it likes. Heads: where Daphne serves; bodies: everywhere."""
    return float(_setting("SLOW_WRITER", 30) or 0)


def cache_timeout() -> float:
    """`BLOCKS_CACHE_TIMEOUT`: seconds for which a cache may be silent before it counts as away; 3."""
    return max(0.05, float(_setting("CACHE_TIMEOUT", 3)))
