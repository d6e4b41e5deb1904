"""Two web processes, two workers, what they share and a proxy without stickiness: the site of deploy/, in processes.

The commands are those of deploy/compose.yaml, and the proxy's settings those of deploy/nginx.conf, with ports of this
machine in place of the names of containers.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import signal
import socket
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import redis
import yaml

from tests.databases import postgres
from tests.house.sources import ROOT
from tests.launch.programs import program
from tests.ports import free_ports
from tests.scale.processes import Process, Processes

COMPOSE = ROOT / "deploy" / "compose.yaml"
WEB, WORKERS = ("web1", "web2"), ("worker1", "worker2")
#: What surrounds the proxy's settings in a container; in one process, which is killed as a whole.
NGINX = """
daemon off; master_process off; pid {folder}/nginx.pid; error_log stderr error;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    {site}
}}
"""


class Arrangement:
    """The site, from the end of `with arranged(…)`'s first line on. Processes have the names of their containers.

    Attributes:
        url: the proxy's address, which ends with "/"; urls: those of the web processes by name.
        environment: what its processes have in theirs, for management commands.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str], database: postgres.Postgres | None) -> None:
        self.folder = folder
        services = yaml.safe_load(COMPOSE.read_text())["services"]
        self.ports = dict(zip(("redis", "proxy", *WEB), free_ports(4)))
        self.url = f"http://127.0.0.1:{self.ports['proxy']}/"
        self.urls = {name: f"http://127.0.0.1:{self.ports[name]}/" for name in WEB}
        self.redis_url = f"redis://127.0.0.1:{self.ports['redis']}"
        self.postgres = database
        #: A container's environment, whose names of others are places of this machine.
        container = {name: str(value) for name, value in services["web1"]["environment"].items()}
        places = {"BLOCKS_REDIS_URL": f"{self.redis_url}/0", "DJANGO_CACHE": f"{self.redis_url}/1"}
        places |= {"DJANGO_SECRET_KEY": "scale", "GRADIO_TEMP_DIR": str(folder / "files")}
        places |= {"PGHOST": str(database.folder), "PGUSER": "postgres"} if database else {"DJANGO_POSTGRES": ""}
        self.environment = {**container, **places, **environment}
        self.commands = {name: self._command(services[name]["command"], name) for name in ("redis", *WEB, *WORKERS)}
        self.commands["proxy"] = [program("nginx"), "-p", str(folder), "-c", str(self._nginx()), "-e", "stderr"]
        #: What those have in their environment, by name, that import the code by themselves.
        self.apart: dict[str, Mapping[str, str]] = {}
        self.processes = Processes(folder, self.environment)

    def start(self, *names: str) -> None:
        """Start these all at once, and return when each of them does its work."""
        for name in names:
            if name in self.apart:
                self.processes.start(name, [sys.executable, "-m", *self.commands[name]], self.apart[name])
            else:
                self.processes.start(name, self.commands[name])
        for name in names:
            self.processes.wait(name, lambda name=name: self._is_ready(name))

    def kill(self, *names: str) -> None:
        """As kill -9 does."""
        self._signal(signal.SIGKILL, names)
        assert all(self.processes.running[name].has_ended() for name in names)

    def end(self, *names: str) -> None:
        """SIGTERM, one right after the other; returns when all have ended."""
        self._signal(signal.SIGTERM, names)
        for name in names:
            assert self.processes.running[name].has_ended(), f"{name} does not end\n{self.processes.said(name)}"

    def freeze(self, *names: str) -> None:
        """SIGSTOP."""
        self._signal(signal.SIGSTOP, names)

    def thaw(self, *names: str) -> None:
        """SIGCONT."""
        self._signal(signal.SIGCONT, names)

    def restart(self, *names: str) -> None:
        """End these, and start them again."""
        self.end(*names)
        self.start(*names)

    def revive(self) -> None:
        """Let everything run that was killed or frozen."""
        self.thaw(*self.processes.running)
        self.start(*[name for name, each in self.processes.running.items() if each.has_ended(0) and name != "migrate"])

    def forget(self) -> None:
        """Redis loses everything, as one without a file does, when it is started the next time."""
        shutil.rmtree(self.folder / "appendonlydir")

    def process(self, name: str) -> Process:
        """The one of this name."""
        return self.processes.running[name]

    def named(self, pid: int) -> str:
        """The name of a process."""
        return next(name for name, each in self.processes.running.items() if each.pid == pid)

    def redis(self) -> redis.Redis:
        """A connection to what they share."""
        return redis.Redis.from_url(self.environment["BLOCKS_REDIS_URL"], decode_responses=True)

    def query(self, statement: str) -> list[Any]:
        """What the database of the site gives."""
        assert self.postgres is not None
        return self.postgres.run(statement, "blocks")

    def migrate(self) -> None:
        """Make the tables."""
        made = self.processes.start("migrate", ["django-admin", "migrate", "-v", "0"])
        assert made.has_ended(), "The migrations do not end."
        assert not self.processes.said("migrate"), self.processes.said("migrate")

    def _signal(self, number: int, names: Any) -> None:
        for name in names:
            self.processes.running[name].signal(number)

    def _command(self, text: str, name: str) -> list[str]:
        """A container's command, of which only the place differs."""
        command = shlex.split(text)
        if command[0] == "redis-server":
            place = ["--port", str(self.ports[name]), "--bind", "127.0.0.1", "--dir", str(self.folder), "--save", ""]
            kept = ["--appendfsync", "always"]  # killed at any moment it has lost nothing that it has answered
            return [program(command[0]), *command[1:], *place, *kept]
        if command[0] == "celery":
            return [*command, "-n", name, "-l", "info", "--without-gossip", "--without-mingle"]
        places = {"0.0.0.0": "127.0.0.1", "8000": str(self.ports[name])}
        return [places.get(word, word) for word in command]

    def _nginx(self) -> Path:
        site = (ROOT / "deploy" / "nginx.conf").read_text()
        for name in WEB:
            site = site.replace(f"{name}:8000", f"127.0.0.1:{self.ports[name]}")
        site = site.replace("listen 80;", f"listen 127.0.0.1:{self.ports['proxy']};")
        file = self.folder / "nginx.conf"
        file.write_text(NGINX.format(folder=self.folder, site=site))
        return file

    def _is_ready(self, name: str) -> bool:
        if name in WORKERS:
            return " ready." in self.processes.said(name)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", self.ports[name])):
                return False
        if name != "redis":
            return True
        try:
            with self.redis() as client:  # which may be another one, where ours found its port taken
                return client.info("server")["process_id"] == self.process(name).pid
        except redis.RedisError:
            return False  # it reads its file


@contextmanager
def arranged(
    folder: Path,
    urls: str = "tests.scale.site",
    *,
    timeout: float = 2.0,
    database: str = "",
    settings: Mapping[str, Any] | None = None,
    environment: Mapping[str, str] | None = None,
    apart: Mapping[str, Mapping[str, str]] | None = None,
) -> Iterator[Arrangement]:
    """The site of `urls`, a module with urlpatterns, until the end of the block.

    Args:
        folder: of logs, files and what Redis keeps.
        urls: as ROOT_URLCONF.
        timeout: as BLOCKS_WORKER_TIMEOUT.
        database: "sqlite" or "postgresql": migrated, and with all that is written there; "" for none.
        settings: further ones, plain data.
        environment: of all its processes.
        apart: by name, those that are not started yet, and will import the code by themselves; what they have in their
            environment.
    """
    server = postgres.cluster() if database == "postgresql" else None
    running = server.__enter__() if server is not None else None
    written = bool(database)
    chosen = {"BLOCKS_WORKER_TIMEOUT": timeout, **(settings or {})}
    chosen |= dict.fromkeys(("BLOCKS_EVENT_LOG", "BLOCKS_FILE_ROWS", "BLOCKS_MESSAGE_BUS"), written)
    given = {
        "DJANGO_SETTINGS_MODULE": "tests.scale.settings",
        "SCALE_URLS": urls,
        "SCALE_SETTINGS": json.dumps(chosen),
        "DJANGO_SQLITE": str(folder / "db.sqlite3"),
        **{name: os.environ[name] for name in ("DJANGO_DEBUG",) if name in os.environ},
        **(environment or {}),
    }
    site = Arrangement(folder, given, running)
    try:
        if running is not None:
            running.run("CREATE DATABASE blocks")
        site.processes.until_ready()
        if written:
            site.migrate()
        site.apart |= apart or {}
        site.start("redis", "proxy", *[name for name in (*WEB, *WORKERS) if name not in site.apart])
        yield site
    finally:
        site.processes.close()
        if server is not None:
            server.__exit__(None, None, None)
