"""The TypeScript counterparts of the protocol."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import msgspec
import pytest

from blocks_app import protocol
from blocks_app.management.commands.blocks_types import expression, typescript, write


@pytest.mark.parametrize(
    ("annotation", "written"),
    [
        (int | None, "number | null"),
        (list[str | None], "(string | null)[]"),
        (dict[str, list[float]], "Record<string, number[]>"),
        (tuple[int, str], "[number, string]"),
        (Literal["a", "b"] | None, '"a" | "b" | null'),
        (protocol.Output | protocol.ErrorOutput, "Output | ErrorOutput"),
        (object, "unknown"),
    ],
)
def test_annotations_become_typescript(annotation: object, written: str) -> None:
    assert expression(annotation) == written


def test_every_message_is_written() -> None:
    text = typescript()
    structs = [item for item in vars(protocol).values() if isinstance(item, type) and issubclass(item, msgspec.Struct)]
    own = {item.__name__ for item in structs if item.__module__ == protocol.__name__} - {"Message"}
    assert all(f"export interface {name} {{" in text for name in own)
    assert "export type ServerMessage = Estimation | " in text


def test_what_the_browser_sends_may_leave_defaults_out() -> None:
    text = typescript()
    assert "  event_data?: unknown;" in text
    assert '  type: "submit";' in text
    assert "  rank_eta: number | null;" in text
    assert "  paused?: boolean;" in text  # what the server leaves unset, too


def test_the_file_is_written_only_when_it_changes(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "protocol.ts"
    assert write(target)
    assert not write(target)
