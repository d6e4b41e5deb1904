"""A 2 GB upload and download through a real server: seconds, and how much its memory grew.

    python -m benchmarks.bigfile [--megabytes 2048]

The server is a process of its own; curl is the client, so that nothing here adds to its figures.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

SERVER = """
import sys
import blocks_app as gr
with gr.Blocks() as demo:
    gr.File()
print(demo.launch(prevent_thread_lock=True, quiet=True).local_url, flush=True)
sys.stdin.read()
"""


def peak(process: int) -> int:
    """The most MB that a process ever had in memory."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM"))


def main() -> None:
    """Run it and print one JSON object."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--megabytes", type=int, default=2048)
    megabytes = parser.parse_args().megabytes
    with tempfile.TemporaryDirectory() as folder:
        big = Path(folder, "big.bin")
        with big.open("wb") as file:
            file.truncate(megabytes * 2**20)
        env = {**os.environ, "GRADIO_TEMP_DIR": f"{folder}/store", "TMPDIR": folder, "PYTHONPATH": str(ROOT)}
        env.pop("DJANGO_SETTINGS_MODULE", None)
        server = subprocess.Popen(
            [sys.executable, "-c", SERVER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=env,
            cwd=folder,
        )
        assert server.stdout is not None
        print(json.dumps(measured(server.pid, server.stdout.readline().strip(), big)))
        server.communicate("")


def measured(process: int, url: str, big: Path) -> dict[str, float]:
    """Upload, then download, then look at the rest."""
    curl("-o", "/dev/null", url)
    before, begun = peak(process), time.perf_counter()
    path = json.loads(curl("-F", f"files=@{big}", f"{url}upload"))[0]
    uploaded, after_upload = time.perf_counter() - begun, peak(process)
    begun = time.perf_counter()
    size = int(curl("-o", "/dev/null", "-w", "%{size_download}", f"{url}file={path}"))
    downloaded = time.perf_counter() - begun
    assert size == big.stat().st_size
    return {
        "megabytes": size / 2**20,
        "upload_seconds": round(uploaded, 1),
        "upload_grew_mb": after_upload - before,
        "download_seconds": round(downloaded, 1),
        "download_grew_mb": peak(process) - before,
        "server_peak_mb": peak(process),
        "children_peak_mb": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024,
    }


def curl(*arguments: str) -> str:
    """What curl prints. Raises CalledProcessError when it fails."""
    command = ["curl", "-sS", "--fail-with-body", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


if __name__ == "__main__":
    main()
