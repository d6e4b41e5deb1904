"""One arrangement for the tests of a file."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.scale.arrangement import Arrangement, arranged


@pytest.fixture(scope="module")
def arrangement(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Arrangement]:
    """The site; each test that breaks something uses `site`."""
    with arranged(tmp_path_factory.mktemp("site")) as made:
        yield made


@pytest.fixture
def site(arrangement: Arrangement) -> Iterator[Arrangement]:
    """The site, whose processes all run again after the test."""
    yield arrangement
    arrangement.revive()
