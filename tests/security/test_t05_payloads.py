"""T5: of what a client sends as a file, only our own id is read, and only where the component takes a file."""

from __future__ import annotations

from typing import Any

import blocks_app as gr
from blocks_app.files import file_data

EVIL = {"path": "/etc/passwd", "url": "file:///etc/passwd", "orig_name": "passwd", "meta": {"_type": "gradio.FileData"}}


def test_only_the_id_is_read(store: file_data.FileStore) -> None:
    path = store.save(b"mine", "x.txt").path
    payload = EVIL | {"path": path, "orig_name": "../../etc/passwd", "size": -1, "mime_type": "text/html"}
    with file_data.use(file_data.FileContext()):
        argument = gr.File().preprocess(payload)
        shown = gr.File().postprocess(argument)
    assert argument == str(store.local / path)
    assert isinstance(shown, dict)
    assert (shown["orig_name"], shown["size"]) == ("x.txt", 4)


def test_clients_that_leave_out_meta_are_served(store: file_data.FileStore) -> None:
    path = store.save(b"mine", "x.txt").path
    with file_data.use(file_data.FileContext()):
        assert gr.File().preprocess({"path": path, "orig_name": None})


def test_elsewhere_a_file_record_is_only_data(store: file_data.FileStore) -> None:
    deep: Any = {"a": [{"b": EVIL}]}
    with file_data.use(file_data.FileContext()):
        assert gr.JSON().postprocess(gr.JSON().preprocess(deep)) == deep
    assert [place for place in store.local.glob("*") if place.is_dir()] == []
