"""A PostgreSQL of the tests' own: a cluster in a folder, without a service and without a port."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.launch.programs import program

#: It refuses to run as root; Debian's package has made a user for it.
USER = "postgres" if os.getuid() == 0 else None
TEMPLATE = "blocks_migrated"
_SETTINGS = {"listen_addresses": "", "fsync": "off", "max_connections": "60", "full_page_writes": "off"}

_numbers = itertools.count(1)


class Postgres:
    """A running server; `settings` of a database in it are what Django takes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.server: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Serve, and return when it answers."""
        options = [text for name, value in _SETTINGS.items() for text in ("-c", f"{name}={value}")]
        command = [program("postgres"), "-D", str(self.folder / "data"), "-k", str(self.folder), *options]
        with (self.folder / "log").open("ab") as log:
            self.server = subprocess.Popen(command, user=USER, stdout=log, stderr=log, cwd=self.folder)
        limit = time.monotonic() + 30
        while not self._answers():
            assert time.monotonic() < limit and self.server.poll() is None, (self.folder / "log").read_text()
            time.sleep(0.02)  # another program: nothing here to wait on

    def stop(self) -> None:
        """End every connection, and the server."""
        if self.server is not None:
            self.server.send_signal(2)  # "fast": nobody is waited for
            self.server.wait(30)
            self.server = None

    def settings(self, name: str) -> dict[str, Any]:
        """What `DATABASES` says of one of its databases."""
        place = {"HOST": str(self.folder), "USER": "postgres", "NAME": name}
        return {"ENGINE": "django.db.backends.postgresql", **place}

    def create(self, template: str = "template0") -> str:
        """A new database; its name."""
        name = f"blocks_{next(_numbers)}"
        self.run(f'CREATE DATABASE {name} TEMPLATE "{template}"')
        return name

    def run(self, statement: str, name: str = "postgres") -> list[Any]:
        """What a statement gives in one of its databases."""
        import psycopg

        with psycopg.connect(host=str(self.folder), user="postgres", dbname=name, autocommit=True) as connection:
            cursor = connection.execute(statement)  # type: ignore[call-overload]
            return cursor.fetchall() if cursor.description else []

    def connections(self, name: str) -> int:
        """How many are open to one database."""
        return int(self.run(f"SELECT count(*) FROM pg_stat_activity WHERE datname = '{name}'")[0][0])

    def _answers(self) -> bool:
        import psycopg

        try:
            self.run("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True


@contextmanager
def cluster() -> Iterator[Postgres]:
    """A new cluster that is there as long as the block."""
    folder = Path(tempfile.mkdtemp(prefix="pg"))  # a short path: a socket's name has at most 107 bytes
    made = Postgres(folder)
    try:
        if USER:
            shutil.chown(folder, USER)
        command = [program("initdb"), "-D", str(folder / "data"), "-U", "postgres", "-A", "trust", "-E", "UTF8"]
        subprocess.run([*command, "--no-sync", "--locale=C"], check=True, capture_output=True, user=USER, cwd=folder)
        made.start()
        yield made
    finally:
        made.stop()
        shutil.rmtree(folder, ignore_errors=True)
