"""FileExplorer: what it shows, what may be chosen, and that its folder is never left."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import blocks_app as gr
from blocks_app import conf
from blocks_app.components.file_explorer.globs import matches
from blocks_app.components.file_explorer.listing import AT_ONCE, ls
from blocks_app.exceptions import DeclarationError, Error
from blocks_app.files.paths import InvalidPathError
from queue_app.testing import PageUser


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("a.txt", "b.png", "d/c.txt", "d/e/f.txt", ".hidden/x.txt", ".dot.txt"):
        (tmp_path / "shown" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "shown" / name).write_text("x")
    (tmp_path / "secret.txt").write_text("secret")
    return tmp_path / "shown"


def listed(explorer: gr.FileExplorer, *names: str) -> list[str]:
    return [entry["name"] for entry in ls((explorer, list(names), 0))["entries"]]


def test_it_shows_folders_first_and_nothing_hidden(root: Path) -> None:
    assert listed(gr.FileExplorer(root_dir=root)) == ["d", "a.txt", "b.png"]
    assert listed(gr.FileExplorer(root_dir=root), "d") == ["e", "c.txt"]
    assert listed(gr.FileExplorer("**/.*", root_dir=root)) == [".hidden", "d", ".dot.txt"]


def test_globs_decide_what_is_shown_and_what_may_be_chosen(root: Path) -> None:
    texts = gr.FileExplorer("*.txt", root_dir=root, ignore_glob="d/e")
    assert (listed(texts), listed(texts, "d")) == (["d", "a.txt"], ["c.txt"])
    assert texts.preprocess([["d", "c.txt"]]) == [str(root / "d" / "c.txt")]
    for names in (["d"], ["b.png"], ["d", "e", "f.txt"], [".dot.txt"]):
        with pytest.raises(Error, match="FileExplorer: "):
            texts.preprocess([names])
    assert gr.FileExplorer(root_dir=root).preprocess([["d"]]) == [str(root / "d")]


@pytest.mark.parametrize(
    ("pattern", "meant", "others"),
    [
        ("**/*", ["a", "d/c.txt"], [".a", ".d/c", "d/.c"]),
        ("*.txt", ["a.txt", "d/e/f.txt"], ["a.txt.gz", ".txt"]),
        ("d/*", ["d/c.txt", "d/e"], ["d", "d/e/f", "x/d/c"]),
        ("d/**", ["d/c.txt", "d/e/f"], ["d", "dd/c"]),
        ("**/e/*.txt", ["e/f.txt", "d/e/f.txt"], ["f.txt", "d/ee/f.txt"]),
        ("[ab]?.txt", ["a1.txt", "d/b2.txt"], ["c1.txt", "a.txt"]),
        ("[!a]*", ["b", "d/ü.txt"], ["a", "d/ab"]),
        ("[", ["["], ["a"]),
        (".*", [".a", "d/.b"], ["a"]),
    ],
)
def test_patterns_mean_what_they_mean_in_glob(pattern: str, meant: list[str], others: list[str]) -> None:
    assert [name for name in [*meant, *others] if matches(pattern, name.split("/"))] == meant


OUTSIDE: list[Any] = [
    [], [""], ["."], [".."], ["..", "secret.txt"], ["../secret.txt"], ["d", "..", "a.txt"], ["d/c.txt"],
    ["/etc/passwd"], ["a.txt\0"], ["%2e%2e", "secret.txt"], ["d\\c.txt"], ["C:"], ["a.txt:x"], ["a.txt "],
    ["A.TXT"], ["\ud83d"], ["file:a.txt"], ["\\\\host\\share"], ["a.txt", ""], ["d"] * 200,
    [None], [1], "a.txt", None, {"path": "a.txt"},
]  # fmt: skip


@pytest.mark.parametrize("names", OUTSIDE, ids=repr)
def test_nothing_outside_of_the_folder_can_be_named(root: Path, names: Any) -> None:
    explorer = gr.FileExplorer(root_dir=root)
    with pytest.raises(Error) as refused:
        explorer.preprocess([names])
    assert str(root.parent) not in str(refused.value)


def test_links_are_followed_inside_only(root: Path) -> None:
    (root / "linked").symlink_to(root / "d")
    (root / "same.txt").symlink_to(root / "a.txt")
    (root / "out").symlink_to(root.parent)
    (root / "secret.txt").symlink_to(root.parent / "secret.txt")
    (root / "broken").symlink_to(root / "nowhere")
    (root / "d" / "circle").symlink_to(root)
    explorer = gr.FileExplorer(root_dir=root)
    assert listed(explorer) == ["d", "linked", "a.txt", "b.png", "same.txt"]
    assert listed(explorer, "d") == listed(explorer, "linked") == ["e", "c.txt"]
    with pytest.raises(Error, match="not among the files"):
        explorer.preprocess([["out", "secret.txt"]])


def test_the_sites_own_files_are_not_shown(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conf, "private_files", lambda: {(root / "a.txt").resolve()})
    (root / "linked.txt").symlink_to(root / "a.txt")
    assert listed(gr.FileExplorer(root_dir=root)) == ["d", "b.png"]


def test_a_large_folder_comes_in_pieces(root: Path) -> None:
    for number in range(AT_ONCE + 5):
        (root / "d" / "e" / f"{number:04}").touch()
    explorer = gr.FileExplorer(root_dir=root)
    first, rest = ls((explorer, ["d", "e"], 0)), ls((explorer, ["d", "e"], AT_ONCE))
    assert [first["total"], len(first["entries"]), len(rest["entries"])] == [AT_ONCE + 6, AT_ONCE, 6]


def test_one_file_is_a_path_several_are_a_list(root: Path) -> None:
    one = gr.FileExplorer(root_dir=root, file_count="single")
    assert one.preprocess([["a.txt"]]) == str(root / "a.txt")
    assert one.preprocess([]) is one.preprocess(None) is None
    with pytest.raises(Error, match="one file can be chosen, not 2"):
        one.preprocess([["a.txt"], ["b.png"]])
    assert gr.FileExplorer(root_dir=root).preprocess([]) == []


def test_results_are_paths_in_the_folder(root: Path) -> None:
    explorer = gr.FileExplorer(root_dir=root)
    assert explorer.postprocess(root / "d" / "c.txt") == explorer.postprocess("d/c.txt") == [["d", "c.txt"]]
    assert explorer.postprocess(["a.txt", "not-yet.txt"]) == [["a.txt"], ["not-yet.txt"]]
    for outside in ("../secret.txt", "/etc/passwd", "d/../../secret.txt", str(root)):
        with pytest.raises(InvalidPathError, match="is not in the folder"):
            explorer.postprocess(outside)


def test_the_page_does_not_learn_where_the_folder_is(root: Path) -> None:
    with gr.Blocks() as demo:
        gr.FileExplorer(root_dir=root)
    assert str(root) not in str(demo.get_config_file())


def test_an_update_shows_another_folder_to_this_session_alone(root: Path) -> None:
    with gr.Blocks() as demo:
        files = gr.FileExplorer(root_dir=root)
        down = gr.Button("Down")
        down.click(lambda: gr.FileExplorer(root_dir=root / "d", value=[]), None, files)
        chosen = gr.Textbox(label="Chosen")
        files.change(lambda paths: ",".join(paths), files, chosen)
    with PageUser(demo) as one, PageUser(demo) as other:
        one.click(down)
        one.set(files, [["c.txt"]])
        assert one.value(chosen) == str(root / "d" / "c.txt")
        other.set(files, [["a.txt"]])
        assert other.value(chosen) == str(root / "a.txt")


def test_patterns_that_mean_nothing_are_refused() -> None:
    with pytest.raises(DeclarationError, match="glob is a pattern"):
        gr.FileExplorer("")
    with pytest.raises(DeclarationError, match="file_count='directory' is unknown"):
        gr.FileExplorer(file_count="directory")  # type: ignore[arg-type]
