"""Links to pages end with their time, and with the account of who made them."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.contrib.auth.models import User

from auth_app.visitors import users
from blocks_app.deep_links.store import Links
from blocks_app.files.quotas import account
from queue_app.records import link_cleanup


@pytest.fixture
def links(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Links:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    return Links("shop")


def kept(age: float = 0) -> dict[str, Any]:
    return {"created": time.time() - age, "page": "", "owner": "", "values": [], "copies": []}


def test_links_go_with_the_account(links: Links) -> None:
    ann, bob = User(pk=1), User(pk=2)
    of_ann, of_bob = (links.add(kept(), account(users.key_of(each), "")) for each in (ann, bob))
    link_cleanup._erase(ann)
    assert (links.read(of_ann), links.read(of_bob) is not None) == (None, True)


def test_a_sweep_deletes_what_is_past_its_time(links: Links, settings: Any) -> None:
    links.add(kept(), "")
    assert link_cleanup.sweep() == 0
    settings.BLOCKS_DEEP_LINK_AGE = 0
    assert link_cleanup.sweep() == 1
    assert link_cleanup.sweep() == 0
