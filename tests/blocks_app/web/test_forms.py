"""An upload keeps every file as it is, whatever its name and whatever is in it, or says in words why not."""

from __future__ import annotations

import pytest

from blocks_app.files.filestore import default_store
from tests.security.site import Site

HEAD = b'--b\r\nContent-Disposition: form-data; name="files"; filename="%s"\r\n\r\n'

NAMES = {
    b"caf\xe9.txt": "café.txt",
    "caf\u00e9.txt".encode(): "café.txt",
    b"\xff\xfe": "ÿþ",
    b"": "file",
    b"..": "file",
    b"/": "file",
    b"C:\\\\temp\\\\a.txt": "a.txt",
    b"a%22b.txt": "ab.txt",
    b'a\\"b.txt': "ab.txt",
    b"nul\x00l.txt": "null.txt",
    b"con.txt": "_con.txt",
    b"n" * 300 + b".txt": "n" * 196 + ".txt",
    "ü".encode() * 300: "ü" * 100,
}


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
async def test_a_file_is_kept_whatever_its_name(site: Site, name: bytes) -> None:
    answer = await site.upload_raw(name, b"content")
    assert answer.status_code == 200, answer.content
    (path,) = answer.json()
    assert path.split("/")[1] == NAMES[name]
    store = default_store()
    with store.open(store.get(path.split("/")[0])) as content:
        assert content.read() == b"content"


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ("form-data; name=files; filename*=utf-8''%C3%BC.txt", "ü.txt"),
        ("form-data; name=files; filename*=none''%FF", "file"),
        ("form-data; name=files; filename=plain.txt", "plain.txt"),
        ('Form-Data; NAME="files"; FILENAME="big.txt"', "big.txt"),
    ],
)
async def test_names_are_read_as_clients_write_them(site: Site, disposition: str, name: str) -> None:
    body = f"--b\r\nContent-Disposition: {disposition}\r\n\r\ncontent\r\n--b--\r\n"
    answer = await site.client.post("/upload", body, content_type="multipart/form-data; boundary=b")
    assert (answer.status_code, answer.json()[0].split("/")[1]) == (200, name)


@pytest.mark.parametrize(
    "body",
    [
        HEAD % b"a" + b"cut off",
        HEAD % b"a" + b"cut off\r\n--b",
        HEAD % b"a" + b"\r\n--b\r\n",
        b'--b\r\nContent-Disposition: form-data; name="files"; filename="' + b"n" * 10_000 + b'"\r\n\r\nx\r\n--b--\r\n',
        b'--b\r\nContent-Disposition: form-data; name="files"\r\n\r\nx\r\n--b--\r\n',
        (HEAD % b"a")[:-4] + b"\r\nContent-Transfer-Encoding: base64\r\n\r\neA==\r\n--b--\r\n",
        HEAD.replace(b'"files"', b'"file"') % b"a.txt" + b"x\r\n--b--\r\n",
        HEAD.replace(b' name="files";', b"") % b"a.txt" + b"x\r\n--b--\r\n",
    ],
)
async def test_a_form_that_would_lose_something_is_refused_in_words(site: Site, body: bytes) -> None:
    answer = await site.client.post("/upload", body, content_type="multipart/form-data; boundary=b")
    assert answer.status_code == 400 and answer.json()["detail"].endswith(".")


async def test_what_looks_like_a_boundary_inside_a_file_belongs_to_it(site: Site) -> None:
    content = b"--b\r\n--bx\r\n--b-x\r\n--c\n--b\n\r\n-\r\n--"
    answer = await site.upload_raw(b"a", content)
    assert (await site.get(answer.json()[0])).body == content


async def test_many_and_empty_files_come_in_order(site: Site) -> None:
    body = b"".join(HEAD % b"%d.txt" % i + b"x" * i + b"\r\n" for i in range(5)) + b"--b--\r\n"
    answer = await site.client.post("/upload", body, content_type="multipart/form-data; boundary=b")
    assert [len((await site.get(path)).body) for path in answer.json()] == [0, 1, 2, 3, 4]
