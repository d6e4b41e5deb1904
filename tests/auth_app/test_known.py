"""Who is behind a session is remembered for some seconds, and for so many sessions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from auth_app.identity import named
from auth_app.visitors import known

ANNA = named("anna")


@pytest.fixture(autouse=True)
def nobody_known() -> Iterator[None]:
    known.forget_all()
    yield
    known.forget_all()


def test_a_visitor_is_known_and_that_there_is_none_too() -> None:
    known.remember("one", ANNA)
    known.remember("two", None)
    assert [known.recall(key) for key in ("one", "two", "three")] == [(True, ANNA), (True, None), (False, None)]


def test_without_seconds_to_remember_nobody_is_known(settings: Any) -> None:
    settings.BLOCKS_AUTH_CACHE_SECONDS = 0
    known.remember("one", ANNA)
    assert known.recall("one") == (False, None)


def test_a_session_that_is_being_ended_has_nobody_behind_it_even_if_it_is_found_again() -> None:
    known.remember("one", ANNA)
    known.revoke(known.digest("one"))
    known.remember("one", ANNA)
    assert known.recall("one") == (True, None)


def test_a_session_or_a_visitor_is_looked_up_again() -> None:
    for session in ("one", "two"):
        known.remember(session, ANNA, realm="shop")
    known.forget_session(known.digest("one"))
    assert [known.recall(session, "shop")[0] for session in ("one", "two")] == [False, True]
    known.forget_visitor(ANNA.key)
    assert known.recall("two", "shop") == (False, None)


def test_beyond_the_capacity_those_who_come_least_are_looked_up_again() -> None:
    for number in range(known.CAPACITY):
        known.remember(f"session {number}", ANNA)
    assert known.recall("session 0") == (True, ANNA)
    known.remember("one more", ANNA)
    assert [known.recall(f"session {number}")[0] for number in (0, 1, 2)] == [True, False, True]
