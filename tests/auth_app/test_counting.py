"""Limits hold when a hundred come at once, in every cache that Django has, over threads and processes."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import caches
from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.management import call_command
from django.db import connection, connections

from auth_app.guarding import counting
from tests.databases.postgres import cluster
from tests.launch.programs import program

BACKENDS = "django.core.cache.backends."
COUNT = """
import sys, django
from concurrent.futures import ThreadPoolExecutor
from django.conf import settings
settings.configure(CACHES={{"default": {cache!r}}}, DATABASES={databases!r}, USE_TZ=True)
django.setup()
from django.core.cache import caches as all_caches
from auth_app.guarding import counting
with ThreadPoolExecutor(10) as pool:
    print(sum(count <= 5 for count in pool.map(lambda _: counting.take(all_caches["default"], "k", 60, 5), range(25))))
"""


class ReadsThenWrites(LocMemCache):
    """As caches of others may: it counts with Django's default, and takes its time."""

    def incr(self, key: str, delta: int = 1, version: Any = None) -> int:
        raise AssertionError("not to be used")

    def get(self, key: str, default: Any = None, version: Any = None) -> Any:
        found = super().get(key, default, version)
        time.sleep(0.001)
        return found


ReadsThenWrites.incr = BaseCache.incr  # type: ignore[method-assign]


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[str]:
    """A Redis of the test's own, at a socket in a folder."""
    path = tmp_path / "redis.sock"
    command = [program("redis-server"), "--port", "0", "--unixsocket", str(path), "--save", "", "--dir", str(tmp_path)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        while not _listens(path):
            assert server.poll() is None
            time.sleep(0.02)
        yield f"unix://{path}"
    finally:
        server.terminate()
        server.wait(30)


def _listens(path: Path) -> bool:
    """Whether somebody answers there: a socket has its name a moment before."""
    with socket.socket(socket.AF_UNIX) as client:
        return client.connect_ex(str(path)) == 0


@pytest.fixture(params=["locmem", "filebased", "dummy", "reads then writes", "redis"])
def cache(request: pytest.FixtureRequest, settings: Any, tmp_path: Path) -> BaseCache:
    """Each cache, empty."""
    kinds: dict[str, dict[str, Any]] = {
        "locmem": {"BACKEND": f"{BACKENDS}locmem.LocMemCache", "LOCATION": "counting"},
        "filebased": {"BACKEND": f"{BACKENDS}filebased.FileBasedCache", "LOCATION": str(tmp_path / "cache")},
        "dummy": {"BACKEND": f"{BACKENDS}dummy.DummyCache"},
        "reads then writes": {"BACKEND": f"{__name__}.ReadsThenWrites", "LOCATION": "slow"},
        "redis": {"BACKEND": f"{BACKENDS}redis.RedisCache"},
    }
    chosen = dict(kinds[request.param])
    if request.param == "redis":
        chosen["LOCATION"] = request.getfixturevalue("redis")
    settings.CACHES = {"default": chosen}
    found: BaseCache = caches["default"]
    found.clear()
    return found


def let_in(cache: BaseCache, key: str = "k", most: int = 5) -> int:
    """How many of a hundred at once."""
    with ThreadPoolExecutor(50) as pool:
        return sum(pool.map(lambda _: counting.take(caches["default"], key, 60, most) <= most, range(100)))


def test_five_of_a_hundred_at_once(cache: BaseCache) -> None:
    assert let_in(cache) == 5
    assert let_in(cache) == 0
    assert let_in(cache, "another", 7) == 7


def test_what_is_given_back_can_be_taken_again(cache: BaseCache) -> None:
    for number in (1, 2, 3):
        assert counting.take(cache, "k", 60, 3) == number
    assert counting.take(cache, "k", 60, 3) > 3
    counting.forget(cache, "k", 3)
    assert counting.take(cache, "k", 60, 3) == 1
    assert counting.take(cache, "k", 60, 3) == 2
    counting.give_back(cache, "k", 60)
    assert counting.take(cache, "k", 60, 3) == 2


def test_it_is_forgotten_with_its_time(cache: BaseCache, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [counting.take(cache, "short", 1, 1) for _ in range(2)] == [1, 2]
    time.sleep(1.3)
    assert counting.take(cache, "short", 1, 1) == 1


@pytest.mark.django_db(transaction=True)
def test_a_cache_in_a_database(settings: Any) -> None:
    settings.CACHES = {"default": {"BACKEND": f"{BACKENDS}db.DatabaseCache", "LOCATION": "counts"}}
    call_command("createcachetable", verbosity=0)
    try:
        counts = [counting.take(caches["default"], "k", 60, 5) for _ in range(8)]
        assert counts == [1, 2, 3, 4, 5, 6, 6, 6]
        counting.give_back(caches["default"], "k", 60)
        assert counting.take(caches["default"], "k", 60, 5) == 5
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE counts")
        connections.close_all()


@pytest.fixture
def postgresql() -> Iterator[dict[str, Any]]:
    """An empty database of the test's own."""
    with cluster() as server:
        yield server.settings(server.create())


@pytest.mark.parametrize("kind", ["filebased", "sqlite", "postgresql", "redis"])
def test_over_processes(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    databases: dict[str, Any] = {}
    if kind == "redis":
        cache = {"BACKEND": f"{BACKENDS}redis.RedisCache", "LOCATION": request.getfixturevalue("redis")}
    elif kind == "filebased":
        cache = {"BACKEND": f"{BACKENDS}filebased.FileBasedCache", "LOCATION": str(tmp_path / "cache")}
    else:
        cache = {"BACKEND": f"{BACKENDS}db.DatabaseCache", "LOCATION": "counts"}
        options = {"timeout": 30, "transaction_mode": "IMMEDIATE"}
        name = str(tmp_path / "db.sqlite3")
        databases = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": name, "OPTIONS": options}}
        if kind == "postgresql":
            databases = {"default": request.getfixturevalue("postgresql")}
    code = COUNT.format(cache=cache, databases=databases)
    if databases:
        table = code.partition("with Thread")[0] + "from django.core.management import call_command\n"
        subprocess.run([sys.executable, "-c", table + "call_command('createcachetable')"], check=True, timeout=60)
    running = [subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) for _ in range(4)]
    assert sum(int(each.communicate(timeout=120)[0]) for each in running) == 5


def test_a_count_of_this_process_ends_at_its_time_however_often_is_counted() -> None:
    counting.forget(caches["default"], "here", 5)
    assert [counting.take_here("here", 60) for _ in range(3)] == [1, 2, 3]
    assert [counting.take_here("gone", 0) for _ in range(3)] == [1, 1, 1]
