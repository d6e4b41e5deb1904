"""The official clients at a site of several processes: the same outcomes as at one, though nothing leads them back.

Each of their requests goes to the next web process; Gradio's own server needs a proxy that keeps a client at one.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from tests.interop import test_curl, test_js_client, test_python_client
from tests.interop.conftest import Run
from tests.scale.arrangement import arranged

pytestmark = pytest.mark.interop

#: Those of the Python client's scenarios that go through several requests, and what is asked of their outcomes.
PYTHON: dict[str, Callable[..., None]] = {
    "predict": test_python_client.test_predict,
    "iterate": test_python_client.test_iterate_a_generator,
    "status": test_python_client.test_status_tells_rank_and_queue,
    "cancel_waiting": test_python_client.test_cancel_a_waiting_job_spares_the_others,
    "files": test_python_client.test_upload_and_download,
    "state": test_python_client.test_state_per_client,
    "errors": test_python_client.test_errors,
    "batch": test_python_client.test_batches,
    "conversation": test_python_client.test_a_conversation_stays_with_the_session,
}
#: The old client marks every event as lost that it has begun while its last stream was ending: three of fifty runs of
#: this on a busy machine. One process holds its answer back for that moment, see gradio_client_timing; here the stream
#: has ended at another one.
NEWEST = {**PYTHON, "cancel_running": test_python_client.test_cancel_a_running_generator}


@pytest.fixture(scope="module")
def several(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the proxy before two web processes and two workers."""
    with arranged(tmp_path_factory.mktemp("several"), "tests.interop.site", timeout=8.0) as site:
        yield site.url.rstrip("/")


def asked_of(module: ModuleType) -> list[Callable[..., None]]:
    """What is asked of a client's outcomes."""
    return [each for name, each in vars(module).items() if name.startswith("test_")]


def name_of(test: object) -> str:
    return str(getattr(test, "__name__", test)).removeprefix("test_")


@pytest.mark.parametrize(
    ("version", "scenario"), [*(("1.0.1", each) for each in PYTHON), *(("2.7.2", each) for each in NEWEST)]
)
def test_python(version: str, scenario: str, several: str, outcomes: Run) -> None:
    is_old = version == "1.0.1"
    seen = outcomes(version, several, *(PYTHON if is_old else NEWEST))
    _ask(NEWEST[scenario], seen=seen, is_old=is_old)


@pytest.mark.parametrize("test", asked_of(test_js_client), ids=name_of)
@pytest.mark.parametrize("age", ["old", "new"])
def test_javascript(test: Callable[..., None], age: str, several: str, outcomes: Run) -> None:
    _ask(test, seen=outcomes(age, several), is_old=age == "old")


@pytest.mark.parametrize("test", asked_of(test_curl), ids=name_of)
def test_curl_itself(test: Callable[..., None], several: str, tmp_path: Path) -> None:
    _ask(test, base=several, prefix="/call", tmp_path=tmp_path)


def _ask(test: Callable[..., None], **given: object) -> None:
    test(**{name: given[name] for name in inspect.signature(test).parameters})
