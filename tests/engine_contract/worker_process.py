"""Celery workers in processes of their own, and what they have told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import msgspec
import redis

from queue_app.signals import JobChanged
from tests.house.sources import ROOT

#: Name of the file with what a worker has told.
TOLD = "told-by-worker"


class Workers:
    """A site's Redis, of which two databases are used, and Celery workers around it."""

    def __init__(self, url: str, folder: Path, timeout: float = 8.0, first: int = 0, pool: str = "threads") -> None:
        """Begin without a worker; `timeout` as BLOCKS_WORKER_TIMEOUT, `first` is the first of the two databases."""
        self.url, self.cache, self.timeout = f"{url}/{first}", f"{url}/{first + 1}", timeout
        self._folder, self._pool = folder, ["-P", pool, "-c", "16" if pool == "threads" else "2"]
        self.processes: list[subprocess.Popen[bytes]] = []

    def start(self, many: int = 1, **kind: str) -> None:
        """Start some more, and wait until they take events; `kind` as `begin` takes it."""
        for _ in range(many):
            self.begin(**kind)
        self.wait()

    def begin(self, queues: str = "blocks", **environment: str) -> None:
        """Begin to start one that takes from these Celery queues; `environment` has what worker_settings reads."""
        self.processes.append(self._begun(f"worker{len(self.processes)}", queues, environment))

    def wait(self) -> None:
        """Wait until all of them take events."""
        for number, process in enumerate(self.processes):
            log, until = self._folder / f"worker{number}", time.monotonic() + 60
            while b" ready." not in log.read_bytes():
                assert process.poll() is None and time.monotonic() < until, log.read_text()
                time.sleep(0.02)  # another program: nothing here to wait on

    def log(self, number: int) -> str:
        """What one of them has written."""
        return (self._folder / f"worker{number}").read_text()

    def _begun(self, name: str, queues: str, more: dict[str, str]) -> subprocess.Popen[bytes]:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.engine_contract.worker_settings",
            "CONTRACT_REDIS": self.url,
            "CONTRACT_CACHE": self.cache,
            "CONTRACT_TIMEOUT": str(self.timeout),
            "PYTHONPATH": str(ROOT),
            **more,
        }
        app = ["-m", "celery", "-A", "queue_app.engines.celery_app", "worker", "-Q", queues, "-n", name]
        pool = [*self._pool, "--without-gossip", "--without-mingle", "-l", "info"]
        with (self._folder / name).open("wb") as out:
            return subprocess.Popen(
                [sys.executable, *app, *pool], env=environment, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT
            )

    def stop(self) -> None:
        """End all of them."""
        for process in self.processes:
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.terminate()
        for process in self.processes:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def prepare(self, settings: Any) -> None:
        """Let this process be a web process beside them, of a site where nothing has happened yet."""
        settings.BLOCKS_ENGINE = "queue_app.engines.celery.CeleryEngine"
        settings.BLOCKS_REDIS_URL, settings.BLOCKS_STATE_CACHE = self.url, "shared"
        settings.BLOCKS_WORKER_TIMEOUT = self.timeout
        settings.CACHES = {
            **settings.CACHES,
            "shared": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": self.cache},
        }
        with redis.Redis.from_url(self.url) as client:
            if keys := list(client.scan_iter("blocks:*")):
                client.delete(*keys)
        with redis.Redis.from_url(self.cache) as cache:
            cache.flushdb()


def told_elsewhere(folder: Path) -> list[JobChanged]:
    """What the worker has told of the events of a test."""
    file = folder / TOLD
    lines = file.read_bytes().splitlines() if file.exists() else []
    return [JobChanged(**msgspec.json.decode(line)) for line in lines]
