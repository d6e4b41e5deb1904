"""Files between the wire and functions, and their store."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage, InMemoryStorage

from blocks_app.components.file import File
from blocks_app.exceptions import Error
from blocks_app.files import file_data
from blocks_app.files.filestore import FileStore, guess_type
from blocks_app.files.paths import InvalidPathError, base_name, check_path, safe_name, split_file_path

FILE = File()


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    root = tmp_path / "store"
    return FileStore(FileSystemStorage(location=root), root)


@pytest.fixture
def remote(tmp_path: Path) -> FileStore:
    return FileStore(InMemoryStorage(), tmp_path / "local")


@pytest.fixture
def context(store: FileStore) -> Iterator[file_data.FileContext]:
    made = file_data.FileContext(url_prefix="http://h/chat/gradio_api", store=store)
    with file_data.use(made):
        yield made


@pytest.mark.parametrize("kind", ["store", "remote"])
def test_a_saved_file_is_found_read_and_deleted(kind: str, request: pytest.FixtureRequest) -> None:
    store: FileStore = request.getfixturevalue(kind)
    record = store.save(b"hello", "a b?.txt")
    assert (record.name, record.orig_name, record.size, record.mime) == ("a b.txt", "a b?.txt", 5, "text/plain")
    assert store.find(record.path) == record
    with store.open(record) as content:
        assert content.read() == b"hello"
    assert store.local_path(record).read_bytes() == b"hello"
    assert store.local_path(record).name == "a b.txt"
    store.delete(record.id)
    assert store.find(record.path) is None


def test_a_failed_save_leaves_nothing(store: FileStore, tmp_path: Path) -> None:
    class Broken:
        name = "x"

        def read(self, _size: int = -1) -> bytes:
            raise OSError("aborted")

    with pytest.raises(OSError, match="aborted"):
        store.save(Broken(), "x")
    assert list((tmp_path / "store").glob("*")) == []


def test_the_environment_names_the_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "cache"))
    record = file_data.default_store().save(b"x", "x.txt")
    assert file_data.default_store().local_path(record) == tmp_path / "cache" / record.id / "x.txt"


def test_a_folder_of_another_user_is_not_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("GRADIO_TEMP_DIR", raising=False)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    folder = tmp_path / f"blocks-files-{os.getuid()}"
    folder.mkdir()
    os.chown(folder, 12345, -1) if os.getuid() == 0 else monkeypatch.setattr(os, "getuid", lambda: 12345)
    monkeypatch.setattr("blocks_app.files.filestore.temp_root", lambda: folder)
    with pytest.raises(InvalidPathError, match="belongs to another user"):
        file_data.default_store()


def test_published_paths_become_wire_values(context: file_data.FileContext, tmp_path: Path) -> None:
    source = tmp_path / "über.txt"
    source.write_text("hi")
    data = file_data.publish(source)
    assert data["url"] == f"http://h/chat/gradio_api/file={data['path'].split('/')[0]}/%C3%BCber.txt"
    assert (data["orig_name"], data["size"], data["is_stream"]) == ("über.txt", 2, False)
    assert data["meta"] == {"_type": "gradio.FileData"}
    received = file_data.receive({"path": data["path"]}, FILE)
    assert (received.path.read_text(), received.name) == ("hi", "über.txt")


def test_a_file_handed_back_is_not_copied_again(context: file_data.FileContext) -> None:
    record = context.store.save(b"x", "x.txt")
    assert file_data.publish(context.store.local_path(record))["path"] == record.path


def test_an_address_is_kept_and_never_fetched(context: file_data.FileContext) -> None:
    data = file_data.publish("https://example.org/a/cat.png?size=2")
    assert (data["path"], data["url"]) == ("https://example.org/a/cat.png?size=2",) * 2
    assert data["orig_name"] == "cat.png"
    with pytest.raises(Error, match="does not fetch"):
        file_data.receive(data, FILE)


def test_without_a_context_files_are_plain_paths(tmp_path: Path) -> None:
    source = tmp_path / "a.txt"
    source.write_text("hi")
    data = file_data.publish(source)
    assert (data["path"], data["url"]) == (str(source), None)
    assert file_data.receive(data, FILE).path == source
    assert Path(file_data.publish(b"made", "made.txt")["path"]).read_bytes() == b"made"


def test_a_missing_result_is_told(context: file_data.FileContext, tmp_path: Path) -> None:
    with pytest.raises(InvalidPathError, match="There is no file"):
        file_data.publish(tmp_path / "nothing.txt")


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("../../etc/pw.txt", "pw.txt"),
        ("a b?.txt", "a b.txt"),
        ("C:\\dir\\x.png", "x.png"),
        ("..", "file"),
        (".env", "env"),
        ("con.txt", "_con.txt"),
        ("x:ads", "xads"),
        ("end. ", "end"),
        ("\0", "file"),
        ("ü漢.txt", "ü漢.txt"),
        ("x" * 300 + ".jpeg", "x" * 195 + ".jpeg"),
    ],
)
def test_safe_names(given: str, stored: str) -> None:
    assert safe_name(given) == stored


def test_base_names_drop_folders_and_control_characters() -> None:
    assert base_name("a/b\\c\r\n#1?.txt") == "c#1?.txt"


def test_only_an_id_and_a_name_are_a_path() -> None:
    assert split_file_path("A" * 22 + "/x.txt") == ("A" * 22, "x.txt")
    for bad in ("A" * 21 + "/x", "A" * 22, "A" * 22 + "/a/b", "A" * 22 + "/a\\b", "/etc/passwd", None, 3):
        assert split_file_path(bad) is None


def test_paths_that_may_be_handed_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    for name in ("a.txt", ".env"):
        (work / name).write_text("x")
    assert check_path("a.txt") == work / "a.txt"
    with pytest.raises(InvalidPathError, match="hidden"):
        check_path(".env")
    assert check_path(".env", allowed=[work]) == work / ".env"
    with pytest.raises(InvalidPathError):
        check_path("a.txt", allowed=[work], blocked=[work / "a.txt"])
    for bad in ("/etc/passwd", "", "a\0b", "//host/share", "\\\\host\\share", os.fspath(work)):
        with pytest.raises(InvalidPathError):
            check_path(bad)


@pytest.mark.parametrize("text", ["half of \ud83d", "z" * 1_000_000, "z" * 300, "z/" * 5000])
def test_a_text_that_is_no_path_is_told_without_a_path_of_the_server(text: str) -> None:
    with pytest.raises(InvalidPathError, match="file") as told:
        check_path(text)
    assert len(str(told.value)) < 400
    assert os.fspath(Path.cwd()) not in str(told.value)


def test_content_types() -> None:
    assert [guess_type(n) for n in ("a.webp", "a.PNG", "a")] == ["image/webp", "image/png", "application/octet-stream"]


def test_a_refused_file_is_told_without_the_folders_of_the_server() -> None:
    with pytest.raises(InvalidPathError) as refused:
        check_path("/etc/hostname")
    assert str(Path.cwd()) not in str(refused.value)
    assert f"({tempfile.gettempdir()}" not in str(refused.value)
