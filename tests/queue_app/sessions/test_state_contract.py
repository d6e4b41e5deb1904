"""What every store of State does, wherever it keeps it; see StateStore."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from queue_app.sessions.cache_state_store import CacheStateStore
from queue_app.sessions.state_store import Entry, StateStore

CACHES = ("django.core.cache.backends.locmem.LocMemCache", "django.core.cache.backends.filebased.FileBasedCache")


@pytest.fixture(params=CACHES, ids=["memory", "files"])
def store(request: pytest.FixtureRequest, settings: Any, tmp_path: Path) -> StateStore:
    settings.CACHES = {"contract": {"BACKEND": request.param, "LOCATION": str(tmp_path)}}
    return CacheStateStore("contract")


def test_what_is_saved_is_loaded_by_key_and_number(store: StateStore) -> None:
    versions = store.save("ada", {1: "one:sig1", -1: "mark"})
    store.save("bob", {1: "other:sig"})
    assert store.load("ada", [1, 2, -1], {}) == {1: Entry("one:sig1", versions[1]), -1: Entry("mark", versions[-1])}


def test_only_what_differs_from_the_known_version_is_given(store: StateStore) -> None:
    known = store.save("ada", {1: "one:sig1", 2: "two:sig2"})
    later = store.save("ada", {2: "deux:sig3"})
    assert store.load("ada", [1, 2], known) == {2: Entry("deux:sig3", later[2])}
    assert store.load("ada", [1, 2], known | later) == {}
    assert store.load("ada", [2], {**known, 2: later[2]}) == {}


def test_a_version_depends_on_the_text_alone(store: StateStore) -> None:
    first, again = store.save("ada", {1: "one:sig1"}), store.save("ada", {1: "one:sig1"})
    other = store.save("ada", {1: "one:sig2"})
    assert first == again != other


def test_what_is_gone_is_told_to_those_who_know_it(store: StateStore) -> None:
    known = store.save("ada", {1: "one:sig1", 2: "two:sig2"})
    store.delete("ada", [1, 3])
    assert store.load("ada", [1, 2, 3], known) == {1: None}
    assert store.load("ada", [1, 2], {}) == {2: Entry("two:sig2", known[2])}


def test_of_two_that_save_one_entry_the_last_wins_and_others_stay(store: StateStore) -> None:
    store.save("ada", {1: "one:sig1", 2: "two:sig2"})
    store.save("ada", {1: "uno:sig3"})
    found = store.load("ada", [1, 2], {})
    assert {number: entry.text for number, entry in found.items() if entry} == {1: "uno:sig3", 2: "two:sig2"}


def test_saving_nothing_changes_nothing(store: StateStore) -> None:
    assert store.save("ada", {}) == {}
    store.delete("ada", [])
    assert store.load("ada", [], {}) == {}


def test_one_alone_ends_what_a_key_names(store: StateStore) -> None:
    assert store.begin_ending("ada", 60)
    assert not store.begin_ending("ada", 60)
    assert store.begin_ending("bob", 60)
    store.done_ending("ada")
    assert store.begin_ending("ada", 60)


def test_texts_are_kept_as_they_are(store: StateStore) -> None:
    text = "€ 🦆 \x00\n" + "x" * 2_000_000 + ":sig"
    store.save("ada", {1: text})
    entry = store.load("ada", [1], {})[1]
    assert entry is not None and entry.text == text
