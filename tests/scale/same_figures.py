"""A scenario for those who watch a site: its events are counted, and each is one trace, wherever it was run."""

from __future__ import annotations

import json
import re
import secrets
from typing import Any

from tests.scale.place import Place

APP = "counted/"
#: How long it takes to be delivered is known where all is done in one process.
ALONE = ("blocks_event_delivery_seconds", "deliver")


def figures(place: Place) -> Any:
    """What monitors are told of three events, at whichever process they ask."""
    trace, parent = secrets.token_hex(16), secrets.token_hex(8)
    with place.operator() as operator, place.visitor(APP, traceparent=f"00-{trace}-{parent}-01") as visitor:
        with visitor.page() as socket:
            for name, text in (("echo", "x"), ("echo", "y"), ("fail", "told")):
                visitor.until(socket, "process_completed", visitor.submit(socket, name, text))
        place.until(lambda: counted(operator.http.get("metrics").text).get("whole_seconds_count") == 3.0)
        told = [counted(operator.http.get("metrics").text) for _ in range(2)]
        assert told[0] == told[1]
    place.until(lambda: len([each for each in spans(place, trace) if each["name"].startswith("event ")]) == 3)
    names = {each["id"]: each["name"] for each in spans(place, trace)} | {parent: "the request"}
    return told[0], sorted(
        (each["name"], names[each["parent"]], each["state"], each["failed"])
        for each in spans(place, trace)
        if each["name"] not in ALONE
    )


def counted(page: str) -> dict[str, float]:
    """The counters of the app, by their names and what else they tell of."""
    found: dict[str, float] = {}
    for name, labels, value in re.findall(r"^blocks_event_?(\w+)\{(.*)\} (\S+)$", page, re.MULTILINE):
        if 'app="same.counted"' in labels and name.endswith(("_count", "_total")) and not name.startswith("delivery"):
            rest = re.sub(r'app="same.counted",?', "", labels)
            found[f"{name} {rest}".strip()] = float(value)
    return found


def spans(place: Place, trace: str) -> list[dict[str, Any]]:
    """Those of a trace that any process has written so far."""
    file = place.folder / "spans"
    lines = file.read_text().splitlines() if file.exists() else []
    return [each for each in map(json.loads, lines) if each["trace"] == trace]
