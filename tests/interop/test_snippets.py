"""What "Use via API" shows, pasted and run: our client, both official ones and curl, with a login, a file, a stream."""

from __future__ import annotations

import html
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

import blocks_app as gr
from tests.interop.conftest import OFFLINE, ROOT
from tests.ports import free_ports

pytestmark = pytest.mark.interop
ENDPOINTS = ("/shout", "/sizes", "/count")
WANTED = ["ADA", "[12]", "0", "1", "2"]


def app() -> gr.Blocks:
    with gr.Blocks(title="Kinds") as demo:
        text, number, out = gr.Textbox("Ada", label="Text"), gr.Number(3, label="N"), gr.Textbox(label="Out")
        files = gr.File(file_count="multiple", label="Files")

        def shout(text: str) -> str:
            return text.upper()

        def sizes(files: list[str]) -> str:
            return str([Path(file).stat().st_size for file in files or []])

        def count(number: float) -> Iterator[str]:
            for each in range(int(number)):
                yield str(each)

        gr.Button().click(shout, text, out)
        gr.Button().click(sizes, files, out)
        gr.Button().click(count, number, out)
    return demo


@pytest.fixture(scope="module")
def snippets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, list[str]]]:
    """The code for each endpoint by its language, with name and password filled in, while the app is served."""
    from django.test import override_settings

    demo, (port,) = app(), free_ports(1)
    with override_settings(SESSION_ENGINE="django.contrib.sessions.backends.cache"):  # as a script without a project
        demo.launch(server_port=port, prevent_thread_lock=True, quiet=True, auth=("ada", "lace"))
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}") as visitor:
                assert visitor.post("/login", data={"username": "ada", "password": "lace"}).status_code == 200
                page = visitor.get("/?view=api").text
            found: dict[str, list[str]] = {}
            for section in re.findall(r"<section.*?</section>", page, re.DOTALL)[: len(ENDPOINTS)]:
                for part in re.findall(r"<details.*?</details>", section, re.DOTALL):
                    language = re.sub("<.*?>", "", re.findall(r"<summary.*?</summary>", part, re.DOTALL)[0])
                    for code in re.findall(r"<code>(.*?)</code>", part, re.DOTALL)[:1]:
                        text = html.unescape(re.sub("<.*?>", "", code))
                        found.setdefault(language, []).append(text.replace("NAME", "ada").replace("PASSWORD", "lace"))
            yield found
        finally:
            demo.close()


@pytest.fixture
def ran(tmp_path: Path) -> Any:
    """Runs a command in a folder with the file that the examples name; gives what it wrote."""
    (tmp_path / "text.txt").write_text("twelve bytes")

    def run(*command: str | Path, **environment: str) -> str:
        variables = {**os.environ, **OFFLINE, "TMPDIR": str(tmp_path), **environment}
        done = subprocess.run(
            command, cwd=tmp_path, env=variables, capture_output=True, text=True, timeout=90, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run


def test_each_endpoint_has_code_in_each_language(snippets: dict[str, list[str]]) -> None:
    assert {language: len(codes) for language, codes in snippets.items()} == {
        "Python": 3, "Python, gradio_client": 3, "JavaScript": 3, "curl": 3,
    }  # fmt: skip


def test_our_client(snippets: dict[str, list[str]], ran: Any) -> None:
    code = "\n".join(snippets["Python"])
    assert code.startswith("# pip install blocks-client\n")
    told = ran(sys.executable, "-c", code, PYTHONPATH=str(ROOT / "client")).splitlines()
    assert [line for line in told if not line.startswith("Loaded")] == WANTED


def test_gradio_s_python_client(snippets: dict[str, list[str]], ran: Any, clients: Path) -> None:
    code = "\n".join(snippets["Python, gradio_client"])
    told = ran(clients / "client-2.7.2/bin/python", "-c", code).splitlines()
    assert [line for line in told if not line.startswith("Loaded")] == WANTED


def test_gradio_s_javascript_client(snippets: dict[str, list[str]], ran: Any, clients: Path, tmp_path: Path) -> None:
    (tmp_path / "node_modules/@gradio").mkdir(parents=True)
    (tmp_path / "node_modules/@gradio/client").symlink_to(clients / "js/node_modules/client-new")
    for number, code in enumerate(snippets["JavaScript"]):
        (tmp_path / f"{number}.mjs").write_text(code)
    (tmp_path / "all.mjs").write_text("for (const n of [0, 1, 2]) await import(`./${n}.mjs`);\nprocess.exit(0);\n")
    told = re.findall(r"^\[ '(.*)' \]$", ran("node", "all.mjs"), re.MULTILINE)
    assert told == [
        *WANTED,
        "2",
    ]  # this client says a stream's last value once more when it ends, as it does of Gradio's


def test_curl(snippets: dict[str, list[str]], ran: Any) -> None:
    told = ran("bash", "-c", "\n".join(snippets["curl"]))
    assert re.findall(r'^event: complete\ndata: \["(.*)"\]$', told, re.MULTILINE) == ["ADA", "[12]", "2"]
