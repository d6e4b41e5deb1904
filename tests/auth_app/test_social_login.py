"""People who log in at another site come back by gr.LoginButton, and functions are given who they are there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from blocks_app.listeners.oauth import NOT_KNOWN
from tests.auth_app.openid_provider import provider
from tests.auth_app.test_packages import reported

ANN, BOB = (
    f"{name.title()} Lee, {name}, {name}@example.org, https://example.org/{name}.png: token-of-{name}"
    for name in ("ann", "bob")
)


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder: Path = tmp_path_factory.mktemp("social")
    with provider() as club:
        return reported("tests.auth_app.social_site", str(folder / "db.sqlite3"), club.address)


def test_the_button_leads_to_the_login_of_another_site_and_back(seen: dict[str, Any]) -> None:
    assert seen["came"] == ["/app/", "/app/"]
    assert seen["button"] == ["Leave, ann", "/app/logout"]


@pytest.mark.parametrize("kind", ["plain", "perhaps", "waiting", "steps", "async_steps"])
def test_functions_of_each_kind_get_profile_and_token(seen: dict[str, Any], kind: str) -> None:
    assert seen[kind] == ANN


def test_a_batch_holds_the_events_of_one_person(seen: dict[str, Any]) -> None:
    assert seen["together"] == [ANN, BOB, ANN, BOB]


def test_whoever_is_not_logged_in_gets_nothing_or_is_told(seen: dict[str, Any]) -> None:
    assert seen["before"] == {"plain": NOT_KNOWN, "perhaps": "nobody", "waiting": NOT_KNOWN}
