"""PgBouncer before the tests' PostgreSQL: each transaction may get another connection."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.databases.postgres import USER, Postgres
from tests.launch.programs import program, serving
from tests.ports import free_port

_SETTINGS = """
[databases]
* = host={folder}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
"""


@contextmanager
def pooled(server: Postgres, settings: dict[str, Any], folder: Path) -> Iterator[dict[str, Any]]:
    """What `DATABASES` says of the same database behind a pooler."""
    port, place = free_port(), server.folder / "pooler.ini"
    # It logs in as the one user there is, whoever comes.
    place.write_text(_SETTINGS.format(folder=f"{server.folder} user=postgres", port=port))
    place.chmod(0o644)
    asked = [program("pgbouncer"), *(["-u", USER] if USER else []), str(place)]
    with serving(asked, port, folder / "pooler.log"):
        yield {**settings, "HOST": "127.0.0.1", "PORT": str(port), "USER": "postgres"}
