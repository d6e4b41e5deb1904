"""A site on PostgreSQL that is restarted under it: events go on, logins and pages come back, records catch up."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.error import HTTPError

import pytest

from tests.databases import postgres
from tests.databases.postgres import Postgres
from tests.processes.conftest import Site, serving
from tests.processes.test_access import code_at_end, submit
from tests.security.live import frames_until


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with postgres.cluster() as running:
        yield running


@pytest.fixture(scope="module")
def site(server: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Two processes over it."""
    with serving(tmp_path_factory.mktemp("site"), SITE_POSTGRES=str(server.folder)) as served:
        yield served


def soon(condition: Callable[[], Any]) -> Any:
    """What it gives as soon as that is true."""
    limit = time.monotonic() + 90
    while not (found := condition()):
        assert time.monotonic() < limit, "It has not happened."
        time.sleep(0.1)
    return found


def answered(ask: Callable[..., Any], *arguments: Any) -> bool:
    """Whether it was; each kept connection fails once."""
    try:
        ask(*arguments)
    except HTTPError:
        return False
    return True


def test_a_restart_of_the_database_ends_nothing(site: Site, server: Postgres, person: Any) -> None:
    ann = person("ann").log_in(0)
    here, there = ann.socket(0), ann.socket(1)
    submit(here, 0)
    frames_until(here, "messages")
    server.stop()
    try:
        there.send(json.dumps({"type": "submit", "event_id": "f" * 32, "fn_index": 2, "data": []}))
        frames_until(there, "messages")  # events need no database
        for _ in range(5):
            frames_until(here, "messages")
    finally:
        server.start()

    soon(lambda: answered(ann.get, 1, "app/"))
    soon(lambda: answered(person("bob").log_in, 1))
    ended = "SELECT fn FROM queue_app_event WHERE fn = 2 AND state = 'done'"
    assert soon(lambda: server.run(ended)) == [(2,)]
    soon(lambda: answered(ann.post, 1, "app/logout"))
    assert code_at_end(here) == 4401
