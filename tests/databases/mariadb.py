"""A MariaDB of the tests' own: a server over an empty folder, without accounts, a service or a port."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pymysql

from tests.launch.programs import program

if find_spec("MySQLdb") is None:  # where somebody has built mysqlclient, that is tried
    pymysql.install_as_MySQLdb()  # which Django asks for

#: Nothing in it need outlive the tests; what another version does not know is passed over.
_OPTIONS = [
    "--no-defaults", "--skip-networking", "--skip-grant-tables", "--skip-log-bin", "--loose-innodb-doublewrite=0",
    "--loose-innodb-flush-log-at-trx-commit=0", "--loose-innodb-flush-method=nosync", "--innodb-buffer-pool-size=16M",
    "--loose-innodb-log-file-size=16M", "--loose-innodb-stats-persistent=0", "--character-set-server=utf8mb4",
    "--collation-server=utf8mb4_general_ci",
]  # fmt: skip


class MariaDB:
    """A running server; `settings` of a database in it are what Django takes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.server: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Serve, and return when it answers."""
        data = self.folder / "data"
        data.mkdir(exist_ok=True)
        user = ["--user=root"] if os.getuid() == 0 else []
        places = [f"--datadir={data}", f"--socket={self.folder / 'socket'}", f"--pid-file={self.folder / 'pid'}"]
        with (self.folder / "log").open("ab") as log:
            command = [program("mariadbd"), *_OPTIONS, *places, *user]
            self.server = subprocess.Popen(command, stdout=log, stderr=log, cwd=self.folder)
        limit = time.monotonic() + 60
        while not self._answers():
            assert time.monotonic() < limit and self.server.poll() is None, (self.folder / "log").read_text()
            time.sleep(0.02)  # another program: nothing here to wait on

    def stop(self) -> None:
        """End every connection, and the server."""
        if self.server is not None:
            self.server.terminate()
            self.server.wait(60)
            self.server = None

    def settings(self, name: str) -> dict[str, Any]:
        """What `DATABASES` says of one of its databases."""
        place = {"HOST": str(self.folder / "socket"), "USER": "root", "NAME": name}
        return {"ENGINE": "django.db.backends.mysql", **place}

    def run(self, *statements: str) -> list[Any]:
        """What the last of some statements gives."""
        with closing(pymysql.connect(unix_socket=str(self.folder / "socket"), user="root", autocommit=True)) as found:
            with found.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement)
                return list(cursor.fetchall())

    def connections(self, name: str) -> int:
        """How many are open to one database."""
        return int(self.run(f"SELECT count(*) FROM information_schema.processlist WHERE db = '{name}'")[0][0])

    def empty(self, name: str) -> None:
        """Delete all rows that a migration has not made."""
        kept = "'django_migrations', 'django_content_type', 'auth_permission'"
        asked = f"SELECT table_name FROM information_schema.tables WHERE table_schema = '{name}'"
        tables = self.run(f"{asked} AND table_name NOT IN ({kept})")
        self.run("SET FOREIGN_KEY_CHECKS = 0", *(f"DELETE FROM {name}.{table}" for (table,) in tables))

    def _answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as probe:  # the driver forgets to close those that fail
            return probe.connect_ex(str(self.folder / "socket")) == 0


@contextmanager
def running() -> Iterator[MariaDB]:
    """A new server that is there as long as the block."""
    folder = Path(tempfile.mkdtemp(prefix="mdb"))  # a short path: a socket's name has at most 107 bytes
    made = MariaDB(folder)
    try:
        made.start()
        yield made
    finally:
        made.stop()
        shutil.rmtree(folder, ignore_errors=True)
