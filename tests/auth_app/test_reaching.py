"""What cannot be read is not what is not there; and one visitor's trouble is not another's."""

from __future__ import annotations

from typing import NoReturn

import pytest
from django.db import OperationalError

from auth_app.visitors import reaching

pytestmark = pytest.mark.django_db  # after a failure, connections that are broken are closed


@pytest.fixture(autouse=True)
def rested(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reaching, "failed", None)


def fails(error: Exception) -> NoReturn:
    raise error


@pytest.mark.parametrize("error", [OperationalError("locked"), ConnectionRefusedError()])
def test_what_is_away_is_not_asked_again_for_a_moment(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    for _ in range(3):
        with pytest.raises(OperationalError if isinstance(error, OperationalError) else ConnectionError):
            reaching.reachable(lambda: asked.append(1) or fails(error))
    assert len(asked) == 1
    monkeypatch.setattr(reaching, "REST", 0)
    assert reaching.reachable(lambda: "ann") == reaching.reachable(lambda: "ann") == "ann"


def test_the_trouble_of_one_session_is_nobody_elses() -> None:
    with pytest.raises(KeyError):
        reaching.reachable(lambda: fails(KeyError("bob")))
    assert reaching.reachable(lambda: "ann") == "ann"
