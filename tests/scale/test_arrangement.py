"""What deploy/ shows is what the tests start, and it works."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
import yaml

from tests.house.sources import ROOT
from tests.launch.programs import program, serving
from tests.ports import free_port
from tests.scale.arrangement import COMPOSE, Arrangement

DEPLOY = ROOT / "deploy"


def test_each_request_goes_to_the_next_web_process(arrangement: Arrangement) -> None:
    for _ in range(6):
        with urlopen(f"{arrangement.url}contract/config") as answer:
            assert answer.status == 200
    logs = [arrangement.processes.said(name).count("/contract/config") for name in arrangement.urls]
    assert logs == [3, 3]


def test_what_compose_names_is_there() -> None:
    described = yaml.safe_load(COMPOSE.read_text())
    services: dict[str, Any] = described["services"]
    for each in services.values():
        assert set(each.get("depends_on", ())) <= services.keys()
        named = [volume.partition(":")[0] for volume in each.get("volumes", ())]
        assert all((DEPLOY / name).exists() if name.startswith(".") else name in described["volumes"] for name in named)
        if "build" in each:
            assert (DEPLOY / each["build"]["context"] / each["build"]["dockerfile"]).is_file()
    served = re.findall(r"server (\S+):(\d+)", (DEPLOY / "nginx.conf").read_text())
    assert {name for name, _ in served} == {name for name in services if name.startswith("web")}
    assert all(f"--port {port}" in services[name]["command"] for name, port in served)


def test_the_procfile_starts_what_compose_starts() -> None:
    services = yaml.safe_load(COMPOSE.read_text())["services"]
    lines = dict(line.split(": ", 1) for line in (DEPLOY / "Procfile").read_text().splitlines())
    assert lines["web"].replace("$PORT", "8000") == services["web1"]["command"] == services["web2"]["command"]
    assert lines["worker"] == services["worker1"]["command"] == services["worker2"]["command"]
    assert lines["release"] == services["migrate"]["command"]


def test_a_container_has_what_the_extras_name() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    required = (DEPLOY / "requirements.txt").read_text().splitlines()
    assert {*extras["celery"], *extras["uvicorn"]} <= set(required)
    assert all((DEPLOY / line[3:]).is_file() for line in required if line.startswith("-r "))


def test_a_redis_of_somebody_else_is_not_taken_for_that_of_the_site(arrangement: Arrangement, tmp_path: Path) -> None:
    arrangement.kill("redis")
    port = str(arrangement.ports["redis"])
    command = [program("redis-server"), "--port", port, "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)]
    with serving(command, int(port), tmp_path / "log"), pytest.raises(AssertionError, match="already in use"):
        arrangement.start("redis")
    arrangement.start("redis")


def test_no_other_process_of_tests_is_given_a_port_of_this_one() -> None:
    mine, asked = free_port(), "import sys; from tests.ports import _lock; print(_lock(int(sys.argv[1])))"
    taken = subprocess.run(
        [sys.executable, "-c", asked, str(mine)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert taken.stdout == "None\n"
