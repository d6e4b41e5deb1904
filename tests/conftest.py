"""For all tests: nothing is written to a database behind their backs, and those that open a browser come last."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

os.environ["BLOCKS_LEDGER"] = "0"  # for the servers that tests start


@pytest.fixture(scope="session", autouse=True)
def no_ledger() -> Iterator[None]:
    """The ledger that the site's settings ask for is not used; tests of the ledger install one of their own."""
    from queue_app import ledger  # after Django

    ledger.uninstall()
    yield
    ledger.uninstall()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what opens Chromium and move it to the end.

    Playwright's driver leaves a running event loop in the main thread, beside which no async test can start another.
    """
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)
