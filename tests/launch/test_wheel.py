"""What `pip install` of the project gives: apps that run anywhere, with the page in it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

from tests.house.sources import ROOT

from .test_script import PLAIN

SOURCES = ("auth_app", "blocks_app", "queue_app", "pyproject.toml", "requirements.txt", "README.md", "setup.py")
SCRIPT = """
import re, urllib.parse, urllib.request
import blocks_app as gr

with gr.Blocks() as demo:
    gr.Textbox(label="Name")

demo.launch(prevent_thread_lock=True, quiet=True)
page = urllib.request.urlopen(demo.local_url).read().decode()
module = re.search(r'src="([^"]+[.]js)"', page)[1]
print(gr.__file__, urllib.request.urlopen(urllib.parse.urljoin(demo.local_url, module)).status)
"""


def test_an_installed_wheel_serves_the_page(tmp_path: Path) -> None:
    source = tmp_path / "source"
    for name in SOURCES:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, source / name)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q", "wheel"]
    build = [*pip, "--no-deps", "--no-build-isolation", "-w", str(tmp_path), str(source)]
    subprocess.run(build, check=True, capture_output=True, timeout=120)
    [wheel] = tmp_path.glob("blocks_on_django-*.whl")
    ZipFile(wheel).extractall(tmp_path / "site")

    environment = {**PLAIN, "PYTHONPATH": str(tmp_path / "site"), "PATH": os.environ["PATH"]}
    answer = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60
    )
    assert answer.stdout.split() == [str(tmp_path / "site/blocks_app/__init__.py"), "200"], answer.stderr
