"""Flags as a CSV file or as JSON lines, however many there are: read a few at a time while they are sent."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

from asgiref.sync import sync_to_async
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.translation import gettext

from blocks_app import jsonable
from blocks_app.connections import released
from blocks_app.flagging.cells import as_text, harmless, with_files
from queue_app.databases import local
from queue_app.records.flag_models import Flag

KINDS = {"csv": "text/csv; charset=utf-8", "jsonl": "application/jsonl; charset=utf-8"}
AT_ONCE = 200  # rows of which it is asked how large they are
LARGEST = 4 * 1024 * 1024  # characters of values that are read at once, but for one flag that is larger
_FIXED = ("number", "flagged", "app", "interface", "option", "user")

#: The address of a flag's file.
Address = Callable[[int, dict[str, Any]], str]


def refused() -> HttpResponse:
    """Whoever asks may not."""
    return HttpResponse(
        gettext("You may not see or take away flags."), status=403, content_type="text/plain; charset=utf-8"
    )


def response(request: HttpRequest, flags: QuerySet[Flag], kind: str, address: Address) -> HttpResponseBase:
    """The export, streamed: under ASGI from threads, because there Django would read it whole before its first byte."""
    pieces = _csv(flags, address) if kind == "csv" else _lines(flags, address)
    body = _from_threads(pieces) if hasattr(request, "scope") else pieces
    answer = StreamingHttpResponse(body, content_type=KINDS[kind])
    answer["Content-Disposition"] = f'attachment; filename="flags.{kind}"'
    answer["Cache-Control"] = "no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


async def _from_threads(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    get = sync_to_async(released, thread_sensitive=False)
    while (piece := await get(next, pieces, None)) is not None:
        yield piece


def _batches(flags: QuerySet[Flag]) -> Iterator[list[Flag]]:
    """The newest first. Each batch is a query of its own, so nothing stays open while a slow reader reads."""
    before: int | None = None
    while True:
        rest = flags if before is None else flags.filter(pk__lt=before)
        sizes = list(rest.order_by("-pk").values_list("pk", "size")[:AT_ONCE])
        if not sizes:
            return
        chosen: list[int] = []
        total = 0
        for pk, size in sizes:
            if chosen and total + size > LARGEST:
                break
            chosen.append(pk)
            total += size
        before = chosen[-1]
        yield list(flags.filter(pk__in=chosen).order_by("-pk"))


def _csv(flags: QuerySet[Flag], address: Address) -> Iterator[bytes]:
    """A column for each value of any of the flags; cells that a spreadsheet would take for a formula are quoted."""
    columns: list[str] = []
    for text in flags.order_by().values_list("columns", flat=True).distinct():
        columns += [each for each in json.loads(text) if each not in columns]
    yield _row([*_FIXED, *columns])
    for batch in _batches(flags):
        yield b"".join(_row(_cells(flag, columns, address)) for flag in batch)


def _cells(flag: Flag, columns: list[str], address: Address) -> list[str]:
    fixed = (flag.pk, _time(flag), flag.mount, flag.name, flag.option, flag.username)
    named = dict(zip(json.loads(flag.columns), json.loads(flag.values)))
    values = (named[name]["value"] if name in named else None for name in columns)
    return [*map(str, fixed), *("" if value is None else _text(flag, value, address) for value in values)]


def _text(flag: Flag, value: Any, address: Address) -> str:
    return as_text(with_files(value, lambda file: address(flag.pk, file)))


def _row(cells: list[str]) -> bytes:
    line = io.StringIO(newline="")
    csv.writer(line).writerow([harmless(each) for each in cells])
    return line.getvalue().encode()


def _lines(flags: QuerySet[Flag], address: Address) -> Iterator[bytes]:
    for batch in _batches(flags):
        yield b"".join(jsonable.dumps(_line(flag, address)) + b"\n" for flag in batch)


def _line(flag: Flag, address: Address) -> dict[str, Any]:
    def linked(file: dict[str, Any]) -> dict[str, Any]:
        return {"name": file.get("orig_name"), "size": file.get("size"), "url": address(flag.pk, file)}

    return {
        "number": flag.pk,
        "flagged": _time(flag),
        "app": flag.mount,
        "interface": flag.name,
        "option": flag.option,
        "user": flag.username,
        "values": [{**each, "value": with_files(each["value"], linked)} for each in json.loads(flag.values)],
    }


def _time(flag: Flag) -> str:
    return local(flag.created).isoformat(" ", "seconds")
