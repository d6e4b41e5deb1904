"""CSVLogger and SimpleCSVLogger: the very bytes that Gradio 4.36 and 6.31 write, and what they do when it is hard."""

from __future__ import annotations

import csv
import json
import re
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import blocks_app as gr
from blocks_app.exceptions import DeclarationError
from blocks_app.flagging import csv_file
from blocks_app.flagging.cells import folder_name
from blocks_app.flagging.csv_logger import ClassicCSVLogger, CSVLogger, SimpleCSVLogger
from blocks_app.flagging.hub import HuggingFaceDatasetSaver
from blocks_app.outages import Unavailable

FILE = {"url": None, "size": 2, "mime_type": None, "is_stream": False, "meta": {"_type": "gradio.FileData"}}
TIME = re.compile(r"20\d\d-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}")


def read(path: Path) -> str:
    """A CSV file; what differs each time is named alike."""
    text = path.read_bytes().decode().replace(str(path.parent), "DIR")
    return TIME.sub("TIME", re.sub(r"[0-9a-f]{20}", "HEX", text))


def box(label: str | None = "Text") -> gr.Textbox:
    return gr.Textbox(label=label)


def flagged(logger: Any, folder: Path, values: list[Any], *more: Any, labels: list[str | None] | None = None) -> str:
    logger.setup([box(label) for label in labels or [f"L{n}" for n in range(len(values))]], folder)
    logger.flag(values, *more)
    return read(next(folder.glob("*.csv")))


#: What is flagged; the cell of Gradio 4.36; that of Gradio 6.31 where it is another one.
CELLS: list[tuple[Any, str, str | None]] = [
    ("Ada", "Ada", None),
    ("=1+1", "'=1+1", None),
    ("@x", "'@x", None),
    ("\tx", "'\tx", None),
    ("\nx", "\"'\nx\"", None),
    ("a,=b", "\"'a,=b\"", None),
    ("[1,2]", '"[1, 2]"', None),
    ("1.50", "1.5", None),
    ('a"b', '"a""b"', None),
    ("x\r\ny", '"x\r\ny"', None),
    ("😀 ü", "😀 ü", None),
    (-5, "'-5", None),
    (2.5, "2.5", None),
    (True, "true", None),
    (None, "", None),
    (["a"], '"[""a""]"', None),
    ({"a": "ü,=x", "b": [1]}, '"\'{""a"": ""\\u00fc,=x"", ""b"": [1]}"', '"{""a"": ""\\u00fc,=x"", ""b"": [1]}"'),
    ({"__type__": "update", "value": 1}, "\"{'__type__': 'update', 'value': 1}\"", None),
]  # fmt: skip


def test_cells_are_those_of_gradio_4(tmp_path: Path) -> None:
    text = flagged(CSVLogger(), tmp_path, [value for value, _, _ in CELLS], "Flag", "ada")
    header = ",".join([*(f"L{n}" for n in range(len(CELLS))), "flag,username,timestamp"])
    assert text == f"{header}\r\n{','.join(cell for _, cell, _ in CELLS)},Flag,ada,TIME\r\n"


def test_cells_are_those_of_gradio_6(tmp_path: Path) -> None:
    text = flagged(CSVLogger(), tmp_path / ".gradio" / "flagged", [value for value, _, _ in CELLS], "Flag")
    header = ",".join([*(f"L{n}" for n in range(len(CELLS))), "flag,timestamp"])
    assert text == f"{header}\r\n{','.join(new or cell for _, cell, new in CELLS)},Flag,TIME\r\n"


def test_option_and_user_have_columns_always_or_when_there_are_any(tmp_path: Path) -> None:
    assert flagged(CSVLogger(), tmp_path / "old", ["x"]) == "L0,flag,username,timestamp\r\nx,,,TIME\r\n"
    assert flagged(CSVLogger(verbose=False), tmp_path / "new", ["x"]) == "L0,timestamp\r\nx,TIME\r\n"
    assert flagged(ClassicCSVLogger(), tmp_path / ".gradio", ["x"]) == "L0,flag,username,timestamp\r\nx,,,TIME\r\n"


def test_labels_are_cells_too_and_some_have_none(tmp_path: Path) -> None:
    text = flagged(CSVLogger(), tmp_path, ["a", "b"], labels=["=F", None])
    assert text.startswith("'=F,component 1,flag,")


@pytest.mark.parametrize(("folder", "kept"), [("flagged", "Fi les"), (".gradio", "Fi(les)")])
def test_files_are_copied_beside_the_table(tmp_path: Path, folder: str, kept: str) -> None:
    (tmp_path / "a b.txt").write_text("hi")
    file = {"path": str(tmp_path / "a b.txt"), "orig_name": "x.txt", **FILE}
    label = "Fi/ les" if folder == "flagged" else "Fi(les)"
    place = tmp_path / folder
    text = flagged(CSVLogger(), place, [file, {"video": file, "subtitles": None}], labels=[label, "V"])
    assert f'\r\nDIR/{kept}/HEX/a b.txt,"{{""video"": ""DIR/V/HEX/a b.txt"", ""subtitles"": null}}",' in text
    assert [each.read_text() for each in sorted(place.glob("*/*/a b.txt"))] == ["hi", "hi"]
    logger = CSVLogger(simplify_file_data=False)
    logger.setup([gr.File(label="F")], tmp_path / "whole")
    logger.flag([file])
    whole = read(tmp_path / "whole" / "log.csv")
    assert '"{""path"": ""DIR/F/HEX/a b.txt"", ""url"": null, ""size"": 2, ""orig_name"": ""x.txt"", ' in whole


def test_simple_csv_logger_writes_values_alone(tmp_path: Path) -> None:
    logger = SimpleCSVLogger()
    logger.setup([box(), box(None), box(".")], tmp_path)
    assert [logger.flag(["=a", None, "c"], "Flag", "ada"), logger.flag(["1.50", 2, "d"])] == [0, 1]
    assert read(tmp_path / "log.csv") == "'=a,null,c\r\n1.50,2,d\r\n"


def test_other_columns_begin_a_new_file_and_those_of_before_go_on(tmp_path: Path, capsys: Any) -> None:
    folder = tmp_path / ".gradio"
    for labels, option in ([["a"], None], [["a"], None], [["a", "b"], None], [["a"], "bad"], [["a"], None]):
        logger = CSVLogger()
        logger.setup([box(each) for each in labels], folder)
        count = logger.flag(["v"] * len(labels), option)
    assert count == 3
    files = sorted(folder.glob("*.csv"))
    assert [read(each).splitlines()[0] for each in files] == ["a,timestamp", "a,b,timestamp", "a,flag,timestamp"]
    assert capsys.readouterr().out.count("Created dataset file at:") == 3


def test_a_file_may_have_a_name_of_its_own(tmp_path: Path) -> None:
    logger = CSVLogger(dataset_file_name="mine.csv", verbose=False)
    logger.setup([box("a")], tmp_path)
    assert logger.flag(["v"]) == 1 and read(tmp_path / "mine.csv") == "a,timestamp\r\nv,TIME\r\n"


def test_rows_are_counted_however_long_and_odd_their_cells_are(tmp_path: Path) -> None:
    logger = CSVLogger()
    logger.setup([box("a")], tmp_path)
    odd = ["x" * 1_100_000, 'a "quoted"\r\ntext', "half \ud83d", "\r", "\0", "[" * 100_000, "9" * 5000]
    assert [logger.flag([each]) for each in odd] == [1, 2, 3, 4, 5, 6, 7]
    again = CSVLogger()
    again.setup([box("a")], tmp_path)
    assert again.flag(["y"]) == 8
    csv.field_size_limit(2_000_000)
    with (tmp_path / "log.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    assert len(rows) == 9 and [len(rows[1][0]), rows[3][0], rows[4][0]] == [1_100_000, "half �", "'\r"]


def test_what_is_no_json_is_written_as_well_as_it_can_be(tmp_path: Path) -> None:
    class Odd:
        def __str__(self) -> str:
            raise ValueError

    class Kind:
        def __str__(self) -> str:
            return "=kind"

    endless: list[Any] = []
    endless.append(endless)
    text = flagged(CSVLogger(), tmp_path, [Odd(), Kind(), endless, {1: Odd()}])
    assert text.splitlines()[1].startswith("""\"""<Odd>""\",""") or "<Odd>" in text.splitlines()[1]
    assert "<list>" in text and "<dict>" in text and ",=kind" not in text.replace('"', "")


def test_a_label_leads_to_no_other_folder() -> None:
    for label in ("..", ".", "../../etc", "/etc/passwd", "a\\b", "c:", "\0", "\ud83d", "x" * 10_000, " . "):
        for modern in (False, True):
            name = folder_name(label, 3, modern)
            assert name.strip(" .") and not set(name) & set("/\\\0:" if modern else "/\\\0") and len(name) <= 200


class Backwards(gr.Textbox):
    """Calls what its base does, as custom components do."""

    def flag(self, payload: Any, flag_dir: Any = "") -> str:
        return super().flag(payload[::-1], flag_dir)

    def read_from_flag(self, payload: Any) -> Any:
        return str(super().read_from_flag(payload))[::-1]


def test_cells_are_read_as_they_were_written(tmp_path: Path) -> None:
    values = [(gr.Textbox, "12"), (gr.Number, 1.5), (gr.Slider, 7), (gr.Checkbox, False), (gr.JSON, {"a": [None]}),
              (gr.CheckboxGroup, ["a"]), (gr.Number, None), (gr.Textbox, ""), (Backwards, "abc")]  # fmt: skip
    components = [make() for make, _ in values]
    texts = [each.flag(value, tmp_path) for each, (_, value) in zip(components, values)]
    assert texts == ["12", "1.5", "7", "false", '{"a": [null]}', '["a"]', "null", "", "cba"]
    assert [each.read_from_flag(text) for each, text in zip(components, texts)] == [value for _, value in values]
    (tmp_path / "given.txt").write_text("hi")
    file = gr.File().postprocess(str(tmp_path / "given.txt"))
    found = json.loads(gr.File().flag([file], tmp_path / "kept"))[0]
    assert Path(found["path"]).parent.parent == tmp_path / "kept" and Path(found["path"]).read_text() == "hi"


def test_examples_of_a_table_are_read_by_their_components(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text("a,b\ncba," + "x" * 5000 + "\n")
    with gr.Blocks():
        examples = gr.Examples(str(tmp_path), [Backwards(), gr.Textbox()])
    assert examples.examples == [["abc", "x" * 5000]]


def test_a_component_may_write_its_own_cell(tmp_path: Path) -> None:
    class Secret(gr.Textbox):
        def flag(self, payload: Any, flag_dir: Any = "") -> str:
            return "*" * len(payload)

    logger = CSVLogger()
    logger.setup([Secret(label="s")], tmp_path)
    logger.flag(["abc"])
    assert "***" in read(tmp_path / "log.csv")


def test_processes_that_write_at_the_same_moment_tear_no_row(tmp_path: Path) -> None:
    folder = str(Path(csv_file.__file__).parent)  # that module alone begins sooner
    program = (
        f"import sys; from pathlib import Path; sys.path.insert(0, {folder!r}); from csv_file import CsvFile\n"
        "file = CsvFile(Path(sys.argv[1])); print(flush=True); input()\n"
        "for n in range(40): file.append([sys.argv[2] * 70_000, str(n)], ['a', 'b'])\n"
    )
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    writers = [subprocess.Popen([sys.executable, "-c", program, str(tmp_path / "log.csv"), x], **pipes) for x in "pq"]
    for each in writers:
        each.stdout.readline()
    for each in writers:
        each.communicate(b"\n")
    csv.field_size_limit(2_000_000)
    with (tmp_path / "log.csv").open(newline="") as file:
        header, *rows = csv.reader(file)
    assert header == ["a", "b"] and len(rows) == 80
    assert all(len(text) == 70_000 and len(set(text)) == 1 for text, _ in rows)


def test_a_disk_without_room_leaves_neither_half_a_row_nor_files(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("hi")
    logger = CSVLogger()
    logger.setup([gr.File(label="F"), box()], tmp_path / "flagged")
    file = {"path": str(tmp_path / "a.txt"), "orig_name": "a.txt", **FILE}
    logger.flag([file, "first"])
    before = read(tmp_path / "flagged" / "log.csv")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, limits[1]))  # the row is larger: some of it is written
    try:
        with pytest.raises(Unavailable, match="cannot store a file of this size"):
            logger.flag([file, "x" * 50_000])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert read(tmp_path / "flagged" / "log.csv") == before and len(list(tmp_path.glob("flagged/F/*"))) == 1
    assert logger.flag([file, "x"]) == 2


def test_a_row_that_was_torn_before_is_ended(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_bytes(b"a,flag,username,timestamp\r\nhalf")
    assert flagged(CSVLogger(), tmp_path, ["x"]).splitlines()[1:] == ["half", "x,,,TIME"]


def test_a_folder_that_cannot_be_made_is_told_without_its_place(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    logger = CSVLogger()
    logger.setup([box()], tmp_path / "file" / "flagged")
    with pytest.raises(Unavailable) as failed:
        logger.flag(["x"])
    assert str(tmp_path) not in str(failed.value)


def test_the_hub_is_answered_in_one_sentence() -> None:
    with pytest.raises(DeclarationError, match=r"gr\.CSVLogger\(\)"):
        HuggingFaceDatasetSaver("token", "me/flags")
