"""The processes of a site that runs on several: Redis, web processes, workers, and a proxy that goes round."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType
from urllib.error import URLError
from urllib.request import urlopen

from benchmarks.processes import processor_time
from benchmarks.targets import ROOT, environment

_PROXY = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/nginx.log;
events {{ worker_connections 8192; }}
http {{
  access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s; keepalive_requests 1000000;
  upstream web {{ {servers} keepalive 512; keepalive_requests 1000000; }}
  server {{
    listen 127.0.0.1:{port} backlog=4096;
    location / {{
      proxy_pass http://web; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off;
      proxy_set_header Host $http_host; proxy_next_upstream error;
    }}
  }}
}}
"""


class Arrangement:
    """A site on this machine. Each process has a name: redis, web1, web2, …, worker1, …, noop, proxy."""

    def __init__(self, folder: Path) -> None:
        """Begin with Redis alone; logs and the file of Redis are in the folder."""
        self._folder = folder
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._addresses: dict[str, int] = {}
        port = _free_port()
        self.redis_url = f"redis://127.0.0.1:{port}"
        program = shutil.which("redis-server")
        assert program, "redis-server is missing: apt-get install redis-server"
        kept = ["--appendonly", "yes", "--dir", str(folder), "--save", ""]
        self._redis = [program, "--port", str(port), "--bind", "127.0.0.1", *kept]
        self._begin("redis", self._redis)
        self._until("redis", lambda: _listens(port))

    @property
    def proxy(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self._addresses['proxy']}"

    @property
    def environment(self) -> dict[str, str]:
        """Of its processes."""
        return {**environment(), "PYTHONPATH": f"{ROOT}:{ROOT / 'client'}", "SCALE_REDIS": self.redis_url}

    def address(self, name: str) -> str:
        """That of one web process."""
        return f"http://127.0.0.1:{self._addresses[name]}"

    def web(self, many: int) -> None:
        """Have so many web processes, and a proxy before them."""
        self.end([each for each in self._processes if each.startswith("web") or each == "proxy"])
        names = [f"web{number}" for number in range(1, many + 1)]
        for name in names:
            port = self._addresses[name] = _free_port()
            options = [
                "--port",
                str(port),
                "--log-level",
                "warning",
                "--no-access-log",
                "--backlog",
                "2048",
                *os.environ.get("XLOOP", "").split(),
            ]
            self._begin(name, [sys.executable, "-m", "uvicorn", *options, "benchmarks.scale.site:application"])
        for name in names:
            self._until(name, lambda name=name: _answers(self.address(name)))
        port = self._addresses["proxy"] = _free_port()
        servers = " ".join(f"server 127.0.0.1:{self._addresses[name]} max_fails=0;" for name in names)
        config = self._folder / "nginx.conf"
        config.write_text(_PROXY.format(folder=self._folder, servers=servers, port=port))
        program = shutil.which("nginx") or "/usr/sbin/nginx"
        self._begin("proxy", [program, "-c", str(config), "-p", str(self._folder)])
        self._until("proxy", lambda: _answers(self.proxy))

    def workers(self, many: int, threads: int = 16) -> None:
        """Have so many workers."""
        self.end([each for each in self._processes if each.startswith("worker")])
        names = [f"worker{number}" for number in range(1, many + 1)]
        for name in names:
            self.worker(name, threads)
        for name in names:
            self.until_ready(name)

    def worker(self, name: str, threads: int = 16) -> None:
        """Begin a worker, or begin it again."""
        app = ["-A", "benchmarks.scale.site:celery", "worker", "-Q", "blocks", "-n", name, "-P", "threads"]
        self._begin(name, [*_CELERY, *app, "-c", str(threads)], {"SCALE_WORKER": "1"})

    def restart_redis(self) -> None:
        """Kill Redis, and begin it again with what it has kept."""
        self._begin("redis", self._redis)
        port = int(self.redis_url.rpartition(":")[2])
        self._until("redis", lambda: _listens(port))

    def noop(self) -> None:
        """Have a worker of Celery's own task."""
        app = ["-A", "benchmarks.scale.noop", "worker", "-Q", "noop", "-n", "noop", "-P", "threads", "-c", "16"]
        self._begin("noop", [*_CELERY, *app])
        self.until_ready("noop")

    def until_ready(self, name: str) -> None:
        """Until a worker takes events."""
        self._until(name, lambda: b"ready" in (self._folder / name).read_bytes())

    def kill(self, name: str) -> None:
        """End a process as a lost machine ends."""
        self._processes[name].kill()

    @property
    def redis_pid(self) -> int:
        """Its process."""
        return self._processes["redis"].pid

    def cpu(self, *kinds: str) -> float:
        """Seconds that all processes of these kinds have used."""
        found = [each.pid for name, each in self._processes.items() if name.startswith(kinds)]
        return sum(map(processor_time, found))

    def end(self, names: Iterable[str]) -> None:
        """End some processes."""
        ending = [self._processes.pop(name) for name in list(names)]
        for each in ending:
            if each.poll() is None:
                each.send_signal(signal.SIGCONT)
                each.terminate()
        for each in ending:
            try:
                each.wait(15)
            except subprocess.TimeoutExpired:
                each.kill()
                each.wait()

    def __enter__(self) -> Arrangement:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        redis = self._processes.pop("redis")
        self.end(list(self._processes))
        redis.terminate()
        redis.wait()

    def _begin(self, name: str, command: list[str], more: dict[str, str] | None = None) -> None:
        before = self._processes.pop(name, None)
        if before is not None and before.poll() is None:
            before.kill()
            before.wait()
        elif before is not None:
            before.wait()
        variables = {**(self.environment if name != "redis" else os.environ), **(more or {})}
        with (self._folder / name).open("wb") as out:
            self._processes[name] = subprocess.Popen(
                command, cwd=ROOT, env=variables, stdout=out, stderr=subprocess.STDOUT
            )

    def _until(self, name: str, condition: Callable[[], bool]) -> None:
        limit = time.monotonic() + 60
        while not condition():
            if time.monotonic() > limit or self._processes[name].poll() is not None:
                raise TimeoutError(f"{name} does not begin: {(self._folder / name).read_text()}")
            time.sleep(0.02)


_CELERY = [sys.executable, "-m", "celery"]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _answers(address: str) -> bool:
    try:
        with urlopen(address, timeout=10) as response:
            return bool(response.read())
    except (URLError, OSError):
        return False
