"""integrate() with the real comet_ml, mlflow and wandb, in their offline modes."""

from __future__ import annotations

import json
import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.house.sources import ROOT

from .conftest import CACHE

HERE = Path(__file__).parent
LINK = "https://demo.example.org/"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What each of them wrote; they run at the same time."""
    made = subprocess.run(
        ["make", "--no-print-directory", "-f", "tests/launch/setup.mk", "trackers-setup"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    python = CACHE.parent / "blocks-trackers/venv/bin/python"
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "HOME": str(tmp_path_factory.mktemp("home"))}

    def run(name: str) -> str:
        command = [str(python), str(HERE / "tracker_scenario.py"), name, str(tmp_path_factory.mktemp(name))]
        ran = subprocess.run(command, env=environment, text=True, capture_output=True, timeout=120, check=False)
        lines = [line for line in ran.stdout.splitlines() if line.startswith("WROTE ")]
        assert lines, ran.stdout + ran.stderr
        return str(json.loads(lines[-1].removeprefix("WROTE ")))

    names = ("comet", "mlflow", "wandb")
    with ThreadPoolExecutor(len(names)) as pool:
        return dict(zip(names, pool.map(run, names)))


def test_comet_keeps_the_link(written: dict[str, str]) -> None:
    assert f"gradio: {LINK}" in written["comet"] and '"key":"Created from"' in written["comet"]


def test_mlflow_keeps_the_link(written: dict[str, str]) -> None:
    assert json.loads(written["mlflow"]) == {"Gradio Interface Share Link": LINK}


def test_wandb_shows_the_app_in_a_frame(written: dict[str, str]) -> None:
    assert f'<iframe src="{LINK}" width="100%" height="500" frameBorder="0"></iframe>' in written["wandb"]
