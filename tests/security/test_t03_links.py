"""T3: links in the store are not followed."""

from __future__ import annotations

from pathlib import Path

import pytest

from blocks_app.files import file_data
from blocks_app.files.paths import InvalidPathError, open_plain
from tests.security.site import Site


@pytest.mark.parametrize("kind", ["symlink_to", "hardlink_to"])
async def test_a_link_in_the_store_is_not_served(
    site: Site, store: file_data.FileStore, tmp_path: Path, kind: str
) -> None:
    path = await site.stored("x.txt", b"mine")
    secret = tmp_path / "secret"
    secret.write_text("not yours")
    place = store.local / path
    place.unlink()
    getattr(place, kind)(secret)
    assert (await site.get(path)).status_code == 404


def test_a_link_out_of_an_allowed_folder_leads_nowhere(store: file_data.FileStore, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("/etc/passwd")
    with file_data.use(file_data.FileContext()), pytest.raises(InvalidPathError):
        file_data.publish(tmp_path / "link")


def test_a_file_swapped_for_a_link_after_the_check_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("/etc/passwd")
    with pytest.raises(InvalidPathError):
        open_plain(tmp_path / "link")
