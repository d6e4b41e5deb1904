"""What `manage.py check` says about a site that serves Blocks apps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.utils.module_loading import import_string

from blocks_app.web.registry import site_sources
from queue_app import conf

#: Oldest releases without a known hole that reaches us.
FLOORS = {"daphne": (4, 2, 2), "django": (5, 2, 13), "channels": (4, 0, 0)}


@register("blocks")
def check_releases(app_configs: Sequence[AppConfig] | None = None, **_: Any) -> Iterable[CheckMessage]:
    """blocks.E001: an installed package is older than its last security release that concerns us."""
    for package, floor in FLOORS.items():
        found = version_of(package)
        if found is not None and _release(found) < floor:
            wanted = ".".join(map(str, floor))
            hint = f"Install {package}>={wanted}: older ones have published holes that reach this site."
            yield Error(f"{package} {found} is too old.", hint=hint, id="blocks.E001")


@register("blocks")
def check_asgi(app_configs: Sequence[AppConfig] | None = None, **_: Any) -> Iterable[CheckMessage]:
    """blocks.W002: the site names no ASGI application."""
    name = getattr(settings, "ASGI_APPLICATION", None)
    if not name:
        yield Warning(
            "ASGI_APPLICATION is not set: `runserver` serves by WSGI, and events get no answer.",
            hint='Set ASGI_APPLICATION = "<project>.asgi.application" and put "daphne" first in INSTALLED_APPS.',
            id="blocks.W002",
        )


@register("blocks")
def check_server(app_configs: Sequence[AppConfig] | None = None, **_: Any) -> Iterable[CheckMessage]:
    """blocks.E041: what launch() and runblocks are to serve with is unknown, or not installed."""
    from queue_app.server import backends  # as little as most commands need

    if (problem := backends.problem_with(conf.server())) is not None:
        yield Error(problem, hint='Leave out BLOCKS_SERVER to serve with Daphne ("daphne").', id="blocks.E041")


@register("blocks")
def check_remote_media(app_configs: Sequence[AppConfig] | None = None, **_: Any) -> Iterable[CheckMessage]:
    """blocks.E044: what pages may show of other hosts is no list of hosts."""
    try:
        site_sources()
    except ValueError as error:
        yield Error(str(error), hint="BLOCKS_REMOTE_MEDIA = ['images.example.org', '*.example.net']", id="blocks.E044")


@register("blocks")
def check_names(app_configs: Sequence[AppConfig] | None = None, **_: Any) -> Iterable[CheckMessage]:
    """blocks.W043: a setting is given by an old name, which is read as long as nobody gives the new one."""
    for new, old in conf.RENAMED.items():
        if hasattr(settings, old):
            heeded = "and is not read beside it" if hasattr(settings, new) else "and is still read by its old name"
            yield Warning(f"{old} is now called {new}, {heeded}.", hint=f"Write {new} instead.", id="blocks.W043")


@register("blocks")
def check_engine(app_configs: Sequence[AppConfig] | None = None, **_: Any) -> Iterable[CheckMessage]:
    """blocks.E042, W045: what BLOCKS_ENGINE names cannot be imported, or is no engine; or it lacks something."""
    if getattr(settings, "BLOCKS_ENGINE", None):
        from queue_app.execution import engine  # as little as most commands need

        if (problem := engine.problem()) is not None:
            hint = "Leave out BLOCKS_ENGINE to run events in the server's own process."
            yield Error(problem, hint=hint, id="blocks.E042")
            return
        for missing in getattr(engine.load_engine(), "shortcomings", list)():
            yield Warning(missing, hint="docs/howto/scale.md says what such a site needs.", id="blocks.W045")


@register("blocks")
def check_worker_queues(app_configs: Sequence[AppConfig] | None = None, **_: Any) -> Iterable[CheckMessage]:
    """blocks.E047: which events go to which Celery queue cannot be read."""
    given = getattr(settings, "BLOCKS_WORKER_QUEUES", None) or {}
    names = [*given, *given.values()] if isinstance(given, dict) else [None]
    if not all(isinstance(each, str) and each for each in names):
        text = "BLOCKS_WORKER_QUEUES is no dict from the concurrency_id of listeners to the names of Celery queues."
        yield Error(text, hint='BLOCKS_WORKER_QUEUES = {"gpu": "blocks-gpu"}', id="blocks.E047")


@register("blocks")
def check_state_cache(app_configs: Sequence[AppConfig] | None = None, **_: Any) -> Iterable[CheckMessage]:
    """blocks.E020: the cache that is to keep gr.State values is not declared."""
    alias = conf.state_cache()
    if alias is not None and alias not in settings.CACHES:
        hint = f"Add {alias!r} to CACHES, or leave out BLOCKS_STATE_CACHE to keep live objects in the process."
        yield Error(f"BLOCKS_STATE_CACHE names {alias!r}, but CACHES has no such entry.", hint=hint, id="blocks.E020")


@register("blocks")
def check_sqlite(app_configs: Sequence[AppConfig] | None = None, **_: Any) -> Iterable[CheckMessage]:
    """blocks.W040: transactions of the site on SQLite fail when ours has written between their reading and writing."""
    databases: dict[str, dict[str, Any]] = settings.DATABASES
    for alias, database in databases.items():
        options = database.get("OPTIONS") or {}
        ahead = "wal" in str(options.get("init_command", "")).lower()
        if "sqlite3" in str(database.get("ENGINE", "")) and ahead and not options.get("transaction_mode"):
            yield Warning(
                f"The database {alias!r} writes ahead (WAL) without a transaction_mode: a transaction that reads and "
                'then writes fails with "database is locked" when anybody has written meanwhile.',
                hint=f'Add "transaction_mode": "IMMEDIATE" to the OPTIONS of DATABASES[{alias!r}].',
                id="blocks.W040",
            )


@register("blocks", deploy=True)
def check_wrapper(app_configs: Sequence[AppConfig] | None = None, **_: Any) -> Iterable[CheckMessage]:
    """blocks.E003: the site's ASGI application lacks the wrapper. Loads it, so only with `check --deploy`."""
    from queue_app.transport.routing import BlocksASGI  # Channels, which most commands do without

    name = getattr(settings, "ASGI_APPLICATION", None)
    if name and not isinstance(import_string(name), BlocksASGI):
        yield Error(
            f"{name} is not wrapped: no event of a Blocks app reaches its function.",
            hint="from queue_app.transport.routing import BlocksASGI; application = BlocksASGI(get_asgi_application())",
            id="blocks.E003",
        )


def version_of(package: str) -> str | None:
    """The version of an installed package; None where it is not."""
    from importlib.metadata import PackageNotFoundError, version  # slow to load, and every start loads this module

    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _release(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".")[:3] if part.isdigit())
