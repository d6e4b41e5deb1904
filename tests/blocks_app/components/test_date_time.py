"""DateTime: moments as text, as the function wants them."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

import blocks_app as gr
from blocks_app.exceptions import DeclarationError

BERLIN = ZoneInfo("Europe/Berlin")


def berlin(**options: Any) -> gr.DateTime:
    return gr.DateTime(timezone="Europe/Berlin", **options)


def test_a_function_gets_the_moment_as_it_likes() -> None:
    text = "2024-01-02 03:04:05"
    assert berlin().preprocess(text) == 1704161045.0
    assert berlin(type="datetime").preprocess(text) == datetime(2024, 1, 2, 3, 4, 5, tzinfo=BERLIN)
    assert berlin(type="string").preprocess(text) == text
    assert gr.DateTime(type="datetime").preprocess(text) == datetime(2024, 1, 2, 3, 4, 5)
    assert gr.DateTime().preprocess(text) == datetime(2024, 1, 2, 3, 4, 5).timestamp()
    assert gr.DateTime(include_time=False, type="string").preprocess("2024-01-02") == "2024-01-02"
    assert gr.DateTime().preprocess(None) is gr.DateTime().preprocess("") is None


@pytest.mark.parametrize(
    ("text", "ago"), [("now", 0), ("now - 5m", 300), ("now-2h", 7200), ("now - 3d", 259200), ("now -9s", 9)]
)
def test_now_is_read_when_the_function_runs(text: str, ago: int) -> None:
    assert gr.DateTime().preprocess(text) == pytest.approx(time.time() - ago, abs=60)
    moment = berlin(type="datetime").preprocess(text)
    assert isinstance(moment, datetime)
    assert abs(moment - datetime.now(UTC) + timedelta(seconds=ago)) < timedelta(minutes=1)
    assert gr.DateTime().postprocess(text) == text


@pytest.mark.parametrize(
    "sent",
    [
        5,
        True,
        ["now"],
        "nonsense",
        "now + 5m",
        "now - 1y",
        "now - 999999999d",
        "2024-02-30",
        "9" * 5000,
        "2024-13-01 00:00:00",
    ],
)
def test_what_is_no_moment_is_refused(sent: object) -> None:
    for kind in ("timestamp", "datetime", "string"):
        with pytest.raises(gr.Error, match='DateTime "Start": a date such as 2030-12-31 23:59:59 is needed'):
            gr.DateTime(label="Start", type=kind).preprocess(sent)


@pytest.mark.parametrize(
    ("made", "shown"),
    [
        (1700000000, "2023-11-14 23:13:20"),
        (np.float64(1700000000.5), "2023-11-14 23:13:20"),
        (datetime(2024, 1, 2, 3, 4, 5), "2024-01-02 03:04:05"),
        (datetime(2024, 7, 2, 3, 4, 5, tzinfo=UTC), "2024-07-02 05:04:05"),
        (date(2024, 1, 2), "2024-01-02 00:00:00"),
        (np.datetime64("2024-01-02T03:04:05", "ns"), "2024-01-02 03:04:05"),
        ("2024-01-02T03:04:05", "2024-01-02 03:04:05"),
        ("2024-07-02T03:04:05Z", "2024-07-02 05:04:05"),
        ("some day", "some day"),
        (None, None),
    ],
)
def test_what_a_function_returns_is_shown_on_the_clock_of_the_zone(made: object, shown: object) -> None:
    assert berlin().postprocess(made) == shown
    if isinstance(shown, str) and shown.startswith("20"):
        assert berlin(include_time=False).postprocess(made) == shown[:10]


class Untold:
    """Its own `__repr__` fails."""

    def __repr__(self) -> str:
        raise RuntimeError


@pytest.mark.parametrize(
    "made",
    [True, [1], float("nan"), 1e30, object(), Untold(), [Untold()], np.arange(2), pd.DataFrame({"a": [1]})],
)
def test_what_is_no_moment_cannot_be_shown(made: object) -> None:
    with pytest.raises(ValueError, match=r"(?s)DateTime.*\."):
        gr.DateTime().postprocess(made)


def test_the_hour_that_a_summer_lacks_or_has_twice_is_a_moment() -> None:
    assert berlin().preprocess("2024-03-31 02:30:00") == datetime(2024, 3, 31, 1, 30, tzinfo=UTC).timestamp()
    assert berlin().preprocess("2024-10-27 02:30:00") == datetime(2024, 10, 27, 0, 30, tzinfo=UTC).timestamp()


@pytest.mark.parametrize("name", ["Nope/X", "../etc/passwd", 5, ""])
def test_an_unknown_zone_is_named_at_once(name: Any) -> None:
    with pytest.raises(DeclarationError, match="timezone="):
        gr.DateTime(timezone=name)


@pytest.mark.parametrize("use_tz", [True, False])
def test_the_server_clock_is_the_same_with_and_without_aware_datetimes_in_django(settings: Any, use_tz: bool) -> None:
    settings.USE_TZ = use_tz
    moment = gr.DateTime(type="datetime").preprocess("2024-01-02 03:04:05")
    assert isinstance(moment, datetime)
    assert moment == datetime(2024, 1, 2, 3, 4, 5)
    assert gr.DateTime().postprocess(moment) == "2024-01-02 03:04:05"
    assert gr.DateTime().postprocess(moment.astimezone(UTC)) == "2024-01-02 03:04:05"
