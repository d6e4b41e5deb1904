"""T4: a file belongs to who made it; ids cannot be found by trying."""

from __future__ import annotations

import pytest

import blocks_app as gr
from auth_app.identity import ANONYMOUS, Identity
from blocks_app.exceptions import Error
from blocks_app.files import file_data
from tests.security.site import Site

ANN, BOB = Identity("user:1", "ann"), Identity("user:2", "bob")


async def test_another_users_file_is_not_found(site: Site) -> None:
    site.who = ANN
    path = await site.stored("x.txt", b"mine")
    assert (await site.get(path)).body == b"mine"
    for other in (BOB, ANONYMOUS):
        site.who = other
        assert (await site.get(path)).status_code == 404
    site.who = None
    assert (await site.get(path)).status_code == 401


def test_another_users_file_is_no_argument(store: file_data.FileStore) -> None:
    path = store.save(b"mine", "x.txt", owner="user:1").path
    with file_data.use(file_data.FileContext(owner="user:1")):
        assert gr.File().preprocess({"path": path})
    for owner in ("", "user:2"):
        with file_data.use(file_data.FileContext(owner=owner)), pytest.raises(Error, match="not uploaded here"):
            gr.File().preprocess({"path": path})


def test_results_belong_to_the_caller(store: file_data.FileStore) -> None:
    with file_data.use(file_data.FileContext(owner="user:1")):
        data = file_data.publish(b"made", "x.txt")
    assert store.find(data["path"], "user:1") is not None
    assert store.find(data["path"], "user:2") is None


async def test_a_deleted_file_and_an_unknown_name_are_not_found(site: Site, store: file_data.FileStore) -> None:
    path = await site.stored("x.txt", b"x")
    file_id = path.split("/")[0]
    assert (await site.get(f"{file_id}/y.txt")).status_code == 404
    assert (await site.get(f"{file_id}/.about.json")).status_code == 404
    store.delete(file_id)
    assert (await site.get(path)).status_code == 404


def test_ids_have_128_random_bits(store: file_data.FileStore) -> None:
    ids = {store.save(b"", "x").id for _ in range(50)}
    assert len(ids) == 50
    assert {len(file_id) for file_id in ids} == {22}
