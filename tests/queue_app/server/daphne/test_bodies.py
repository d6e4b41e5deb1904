"""Large uploads and downloads through Daphne."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

import blocks_app as gr
from tests.serving import served

BOUNDARY = "8c1f0e63b5d94b0fa7c2"
HEAD = b'--8c1f0e63b5d94b0fa7c2\r\nContent-Disposition: form-data; name="files"; filename="big.bin"\r\n\r\n'
TAIL = b"\r\n--8c1f0e63b5d94b0fa7c2--\r\n"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with gr.Blocks() as demo:
        gr.File()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_TEMP_DIR", str(tmp_path_factory.mktemp("files")))
        with served(demo) as address:
            yield address


def upload(url: str, content: bytes) -> str:
    kind = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    with urllib.request.urlopen(urllib.request.Request(f"{url}upload", HEAD + content + TAIL, kind)) as answer:
        return str(json.loads(answer.read())[0])


@pytest.mark.parametrize("size", [0, 1, 256 * 1024 - len(HEAD + TAIL), 256 * 1024, 3_000_001])
def test_every_byte_arrives_and_returns(url: str, size: int) -> None:
    content = os.urandom(size)
    with urllib.request.urlopen(f"{url}file={upload(url, content)}") as answer:
        assert answer.read() == content


def test_a_client_that_leaves_in_the_middle_harms_nobody(url: str) -> None:
    path = upload(url, os.urandom(30_000_000))
    address = ("127.0.0.1", int(url.rsplit(":", 1)[1].rstrip("/")))
    with socket.create_connection(address) as reader:
        reader.sendall(f"GET /file={path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        assert reader.recv(1000).startswith(b"HTTP/1.1 200")
    with socket.create_connection(address) as writer:
        writer.sendall(b"POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 90000000\r\n")
        writer.sendall(f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n\r\n".encode())
        writer.sendall(HEAD + b"x" * 1_000_000)
    with urllib.request.urlopen(f"{url}file={path}") as answer:
        assert len(answer.read()) == 30_000_000


UVICORN = """
import sys
from queue_app.server.minimal_project import AppHandler, AppUrls, ensure_django
ensure_django()
import uvicorn
import blocks_app as gr
from blocks_app.web import registry
from queue_app.transport.routing import BlocksASGI
from queue_app.server.network.host_check import HostCheck

with gr.Blocks() as demo:
    gr.File()
registry.mount(demo)
urls = AppUrls(demo)

class Server(uvicorn.Server):
    async def startup(self, sockets=None):
        await super().startup(sockets)
        print(self.servers[0].sockets[0].getsockname()[1], flush=True)

config = uvicorn.Config(HostCheck(BlocksASGI(AppHandler(urls)), urls, ["*"], None), port=0, log_level="warning")
Server(config).run()
"""

SCRIPT = """
import resource, sys, urllib.request
import blocks_app as gr

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

with gr.Blocks() as demo:
    gr.File()
url = demo.launch(prevent_thread_lock=True, quiet=True).local_url
urllib.request.urlopen(url).read()
before = peak()
import subprocess
upload = ["curl", "-s", "-F", f"files=@{sys.argv[1]}", f"{url}upload"]
path = subprocess.run(upload, capture_output=True, text=True, check=True).stdout.strip('[]"')
after_upload = peak()
slow = ["curl", "-s", "--limit-rate", "100M", "-o", "/dev/null", f"{url}file={path}"]
subprocess.run(slow, check=True)
print(after_upload - before, peak() - before)
demo.close(verbose=False)
"""


def test_memory_stays_flat(tmp_path: Path) -> None:
    big = tmp_path / "big.bin"
    with big.open("wb") as file:
        file.truncate(150_000_000)
    env = {**os.environ, "GRADIO_TEMP_DIR": str(tmp_path / "store"), "PYTHONPATH": str(Path(__file__).parents[4])}
    command = [sys.executable, "-c", SCRIPT, str(big)]
    result = subprocess.run(command, env=env, capture_output=True, text=True, check=True, cwd=tmp_path)
    grown = [int(word) for word in result.stdout.split()[-2:]]
    assert max(grown) < 20, f"MB grown by upload and download: {grown}"


def test_memory_stays_flat_under_uvicorn(tmp_path: Path) -> None:
    big = tmp_path / "big.bin"
    with big.open("wb") as file:
        file.truncate(150_000_000)
    env = {**os.environ, "GRADIO_TEMP_DIR": str(tmp_path / "store"), "PYTHONPATH": str(Path(__file__).parents[4])}
    env.pop("DJANGO_SETTINGS_MODULE", None)
    command = [sys.executable, "-c", UVICORN]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True, cwd=tmp_path) as server:
        try:
            assert server.stdout is not None
            url = f"http://127.0.0.1:{server.stdout.readline().strip()}/"
            with urllib.request.urlopen(url) as page:
                page.read()
            before = peak(server.pid)
            path = json.loads(curl("-F", f"files=@{big}", f"{url}upload"))[0]
            assert curl("-o", os.devnull, "-w", "%{size_download}", f"{url}file={path}") == "150000000"
            grown = peak(server.pid) - before
        finally:
            server.terminate()
    assert grown < 20, f"MB grown by upload and download: {grown}"


def peak(process: int) -> int:
    """The most MB that a process ever had in memory."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM"))


def curl(*arguments: str) -> str:
    command = ["curl", "-sS", "--fail-with-body", "--max-time", "120", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
