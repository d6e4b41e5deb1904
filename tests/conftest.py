"""For all tests: nothing is written to a database behind their backs; tests of the ledger install one of their own."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

os.environ["BLOCKS_LEDGER"] = "0"  # for the servers that tests start


@pytest.fixture(scope="session", autouse=True)
def no_ledger() -> Iterator[None]:
    from queue_app import ledger  # after Django

    ledger.uninstall()
    yield
    ledger.uninstall()
