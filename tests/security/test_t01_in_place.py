"""T1, T3: files that the author opened by their paths (allowed_paths, set_static_paths), and nothing beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import blocks_app as gr
from blocks_app.exceptions import DeclarationError, Error
from blocks_app.files import file_data
from tests.security.site import Site


@pytest.fixture
def open_folder(tmp_path: Path) -> Path:
    """A folder to open, with a secret beside it and what may lead there."""
    folder = tmp_path / "open"
    (folder / "sub").mkdir(parents=True)
    for name in ("open/ok.txt", "open/sub/no.txt", "open/.env", "open/page.html", "secret"):
        (tmp_path / name).write_text(name)
    (folder / "link").symlink_to(tmp_path / "secret")
    return folder


@pytest.fixture(autouse=True)
def closed_again() -> Iterator[None]:
    yield
    gr.set_static_paths([])


async def test_allowed_paths_are_served_and_nothing_else(make_site: Callable[..., Site], open_folder: Path) -> None:
    site = make_site(allowed_paths=[str(open_folder)], blocked_paths=[str(open_folder / "sub")])
    for path, status in {
        f"{open_folder}/ok.txt": 200,
        f"{open_folder}/sub/../ok.txt": 200,
        f"{open_folder}/sub/no.txt": 403,
        f"{open_folder}/none.txt": 404,
        f"{open_folder}/sub/none.txt": 403,
        f"{open_folder}": 403,
        f"{open_folder}/.env": 403,
        f"{open_folder}/link": 403,
        f"{open_folder}/../secret": 403,
        f"{open_folder}/%2e%2e/secret": 403,
        f"{open_folder}-more/x": 403,
        "/etc/passwd": 403,
        "/etc/none": 403,
        "etc/passwd": 404,
        "//etc/passwd": 404,
        "\\etc\\passwd": 404,
    }.items():
        for endpoint in (f"/file={path}", f"/gradio_api/file={path}"):
            assert (await site.read(endpoint)).status_code == status, path


async def test_in_place_files_have_ranges_and_are_boxed_in(make_site: Callable[..., Site], open_folder: Path) -> None:
    site = make_site(allowed_paths=[str(open_folder)])
    part = await site.get(f"{open_folder}/ok.txt", range="bytes=5-6")
    assert (part.status_code, part.body, part["Content-Type"]) == (206, b"ok", "text/plain; charset=utf-8")
    page = await site.get(f"{open_folder}/page.html")
    assert (page["Content-Type"], page["Content-Disposition"][:11]) == ("application/octet-stream", "attachment;")


async def test_one_hidden_file_can_be_allowed(make_site: Callable[..., Site], open_folder: Path) -> None:
    site = make_site(allowed_paths=[str(open_folder / ".env")])
    assert (await site.get(f"{open_folder}/.env")).body == b"open/.env"
    assert (await site.get(f"{open_folder}/ok.txt")).status_code == 403


async def test_without_them_no_path_is_an_address(site: Site, open_folder: Path) -> None:
    assert (await site.get(f"{open_folder}/ok.txt")).status_code == 404
    assert (await site.get(str(Path(__file__)))).status_code == 404


async def test_static_paths_are_served_in_place_by_every_app(site: Site, open_folder: Path) -> None:
    gr.set_static_paths([open_folder])
    assert (await site.get(f"{open_folder}/ok.txt")).body == b"open/ok.txt"
    assert (await site.get(f"{open_folder}/.env")).status_code == 403
    assert (await site.get("/etc/passwd")).status_code == 403


def test_a_static_result_is_not_copied_and_may_come_back(store: file_data.FileStore, open_folder: Path) -> None:
    gr.set_static_paths(open_folder)
    path = str(open_folder / "ok.txt")
    with file_data.use(
        file_data.FileContext(url_prefix="http://h/gradio_api", blocked_paths=(str(open_folder / "sub"),))
    ):
        shown = gr.File().postprocess(path)
        assert isinstance(shown, dict)
        assert (shown["path"], shown["url"]) == (path, f"http://h/gradio_api/file={path}")
        assert gr.File().preprocess(shown) == path
        assert store.ids() == []
        for closed in ("/etc/passwd", f"{open_folder}/../secret", f"{open_folder}/.env", f"{open_folder}/sub/no.txt"):
            with pytest.raises(Error):
                gr.File().preprocess({"path": closed})


def test_a_static_path_that_does_not_exist_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(DeclarationError, match="no file or folder"):
        gr.set_static_paths([tmp_path / "none"])
