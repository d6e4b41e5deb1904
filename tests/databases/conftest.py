"""Each test of this folder gets an empty, migrated database of its own: one on SQLite and one on PostgreSQL."""

from __future__ import annotations

import copy
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from asgiref.local import Local
from django.conf import settings as django_settings
from django.core.management import call_command
from django.db import connections

from tests.databases import postgres
from tests.databases.postgres import TEMPLATE, Postgres


@dataclass
class Site:
    """The site's database: `settings` as in DATABASES, and how many connections are open to it."""

    settings: dict[str, Any]
    open: Callable[[], int]
    server: Postgres | None = None


@contextmanager
def using(blocker: Any, **databases: dict[str, Any]) -> Iterator[None]:
    """Every connection of this process, of whatever thread, goes to these databases."""
    wanted = {"default": {}, **copy.deepcopy(databases)}
    kept = connections._connections, connections.settings, django_settings.DATABASES
    connections._connections = Local(True)  # type: ignore[assignment]
    django_settings.DATABASES = wanted
    connections.settings = connections.configure_settings(wanted)  # type: ignore[misc]
    try:
        with blocker.unblock():
            try:
                yield
            finally:
                connections.close_all()
    finally:
        connections._connections, connections.settings, django_settings.DATABASES = kept  # type: ignore[misc]


@pytest.fixture(scope="session")
def server() -> Iterator[Postgres]:
    """PostgreSQL."""
    with postgres.cluster() as running:
        yield running


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> Path:
    """A file of SQLite with all tables."""
    place = tmp_path_factory.mktemp("databases") / "migrated.sqlite3"
    with using(django_db_blocker, default={"ENGINE": "django.db.backends.sqlite3", "NAME": str(place)}):
        call_command("migrate", verbosity=0)
    return place


@pytest.fixture(scope="session")
def template(server: Postgres, django_db_blocker: Any) -> str:
    """A database of PostgreSQL with all tables."""
    server.run(f"CREATE DATABASE {TEMPLATE}")
    with using(django_db_blocker, default=server.settings(TEMPLATE)):
        call_command("migrate", verbosity=0)
    return TEMPLATE


@pytest.fixture
def sqlite(migrated: Path, tmp_path: Path) -> Site:
    """A file as `startproject` would have it."""
    place = shutil.copy(migrated, tmp_path / "site.sqlite3")
    fds = Path("/proc/self/fd")

    def count() -> int:
        return sum(fd.is_symlink() and fd.resolve() == Path(place).resolve() for fd in fds.iterdir())

    return Site({"ENGINE": "django.db.backends.sqlite3", "NAME": str(place)}, count)


@pytest.fixture
def postgresql(server: Postgres, template: str) -> Site:
    """A database of the cluster."""
    name = server.create(template)
    return Site(server.settings(name), lambda: server.connections(name), server)


@pytest.fixture(params=["sqlite", "postgresql"])
def both(request: pytest.FixtureRequest) -> Site:
    """One kind after the other; nobody uses it yet."""
    found: Site = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def site(both: Site, django_db_blocker: Any) -> Iterator[Site]:
    """The same as this process's database."""
    with using(django_db_blocker, default=both.settings):
        yield both
