"""One measure of one client, under its interpreter: python client_probe.py MODULE BASE MEASURE FOLDER. Prints JSON."""

from __future__ import annotations

import importlib
import json
import os
import resource
import sys
import threading
import time
from pathlib import Path
from typing import Any

MODULE, BASE, MEASURE, FOLDER = sys.argv[1:5]
SECONDS = 4.0
os.environ.update(HF_HUB_OFFLINE="1", HF_HUB_DISABLE_TELEMETRY="1", GRADIO_ANALYTICS_ENABLED="False")


def importing() -> dict[str, float]:
    """`from MODULE import Client`, in a fresh interpreter."""
    began = time.perf_counter()
    importlib.import_module(MODULE).Client  # noqa: B018 - a lazy name counts
    return {"import, ms": (time.perf_counter() - began) * 1000}


def construct() -> dict[str, float]:
    """The second and later ones; the first loads libraries."""
    connect()
    times = []
    for _ in range(7):
        began = time.perf_counter()
        connect()
        times.append(time.perf_counter() - began)
    return {"construct, ms": sorted(times)[3] * 1000}


def calls() -> dict[str, float]:
    """One call after the other."""
    client, times = connect(), []
    for _ in range(5):
        client.predict("hello", api_name="/echo")
    end = time.perf_counter() + SECONDS
    while (began := time.perf_counter()) < end:
        client.predict("hello", api_name="/echo")
        times.append(time.perf_counter() - began)
    return {"calls/s": len(times) / sum(times), "call p50, ms": sorted(times)[len(times) // 2] * 1000}


def threads() -> dict[str, float]:
    """Eight threads with one client."""
    client, counts = connect(), [0] * 8
    end = time.perf_counter() + SECONDS

    def work(place: int) -> None:
        while time.perf_counter() < end:
            client.predict("hello", api_name="/echo")
            counts[place] += 1

    workers = [threading.Thread(target=work, args=(place,)) for place in range(8)]
    began = time.perf_counter()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return {"calls/s, 8 threads": sum(counts) / (time.perf_counter() - began)}


def yields() -> dict[str, float]:
    """A generator of 500 values; of more the server sends a slow reader only the newest state."""
    client, number = connect(), 500
    client.predict("hello", api_name="/echo")
    began = time.perf_counter()
    arrived = sum(1 for _ in client.submit(number, api_name="/count"))
    return {"yields/s": arrived / (time.perf_counter() - began), "of 500 values arrived": float(arrived)}


def upload() -> dict[str, float]:
    """1 GB."""
    client = connect()
    library = importlib.import_module(MODULE)
    source = Path(FOLDER) / "1000.bin"
    began, before = time.perf_counter(), peak()
    assert client.predict(library.handle_file(str(source)), api_name="/size") == str(source.stat().st_size)
    return {"upload 1 GB, s": time.perf_counter() - began, "upload 1 GB, MB of memory": peak() - before}


def download() -> dict[str, float]:
    """1 GB."""
    client = connect()
    began, before = time.perf_counter(), peak()
    path = Path(client.predict(1000, api_name="/give"))
    taken = time.perf_counter() - began
    assert path.stat().st_size == 1_000_000_000
    path.unlink()
    return {"download 1 GB, s": taken, "download 1 GB, MB of memory": peak() - before}


def connect() -> Any:
    """A client."""
    options = {"httpx_kwargs": {"timeout": 300}} if MEASURE in ("upload", "download") else {}
    return importlib.import_module(MODULE).Client(
        BASE, verbose=False, download_files=str(Path(FOLDER) / "got"), **options
    )


def peak() -> float:
    """The most memory so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


MEASURES = {each.__name__: each for each in (importing, construct, calls, threads, yields, upload, download)}
if MEASURE in MEASURES:
    print("FOUND", json.dumps(MEASURES[MEASURE]()), flush=True)
    os._exit(0)  # clients keep threads that would outlive us
