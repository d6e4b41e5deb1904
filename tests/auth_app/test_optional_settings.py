"""Settings that a project may leave out."""

from __future__ import annotations

from typing import Any

from django.test import override_settings

from auth_app.optional_settings import optional


def test_what_is_missing_is_seen_as_soon_as_it_is_there_and_gone_again() -> None:
    assert optional("BLOCKS_TRIED_HERE", 5) == 5
    with override_settings(BLOCKS_TRIED_HERE=0):
        assert optional("BLOCKS_TRIED_HERE", 5) == 0
        with override_settings(BLOCKS_TRIED_HERE=None):
            assert optional("BLOCKS_TRIED_HERE", 5) is None
    assert optional("BLOCKS_TRIED_HERE", 6) == 6


def test_the_default_is_that_of_the_one_who_asks(settings: Any) -> None:
    assert (optional("BLOCKS_TRIED_HERE", 1), optional("BLOCKS_TRIED_HERE", 2)) == (1, 2)
    settings.BLOCKS_TRIED_HERE = 3
    assert optional("BLOCKS_TRIED_HERE", 1) == 3
    del settings.BLOCKS_TRIED_HERE
    assert optional("BLOCKS_TRIED_HERE", 1) == 1
