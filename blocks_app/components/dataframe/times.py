"""Columns of times as texts, many at once: each as `str()` of pandas' own object for it would be."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import orjson

_DAY = 86_400
_EARLIEST, _LATEST = (int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) for year in (1, 9999))
_clock: list[str] = []


def moments(numpy: Any, array: Any) -> list[Any] | None:
    """Moments without a zone; None where they are finer than microseconds, or outside of Python's years."""
    absent = numpy.isnat(array)
    filled = numpy.where(absent, numpy.array(0, array.dtype), array) if absent.any() else array
    seconds = filled.astype("datetime64[s]").astype("int64")
    exact = filled.astype("datetime64[us]")
    if ((seconds < _EARLIEST) | (seconds >= _LATEST)).any() or (exact != filled).any():
        return None
    text = orjson.dumps(numpy.ascontiguousarray(exact), option=orjson.OPT_SERIALIZE_NUMPY)
    written: list[Any] = orjson.loads(text.replace(b"T", b" "))
    return _without(written, absent)


def zoned(numpy: Any, series: Any) -> list[Any] | None:
    """Moments of a time zone, a series of pandas; None as above."""
    local = series.dt.tz_localize(None).to_numpy()
    written = moments(numpy, local)
    if written is None:
        return None
    world = series.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy()
    absent = numpy.isnat(local)
    ahead = numpy.where(absent, 0, (local - world).astype("timedelta64[s]").astype("int64"))
    known, which = numpy.unique(ahead, return_inverse=True)
    zones = [_offset(seconds) for seconds in known.tolist()]
    return [text and text + zones[zone] for text, zone in zip(written, which.tolist())]


def _offset(seconds: int) -> str:
    sign = "-" if seconds < 0 else "+"
    minutes, rest = divmod(abs(seconds), 60)
    text = f"{sign}{minutes // 60:02}:{minutes % 60:02}"
    return f"{text}:{rest:02}" if rest else text


def durations(numpy: Any, array: Any) -> list[Any] | None:
    """Durations of whole seconds; None for finer ones."""
    absent = numpy.isnat(array)
    filled = numpy.where(absent, numpy.array(0, array.dtype), array) if absent.any() else array
    exact = filled.astype("timedelta64[s]")
    if (exact != filled).any():
        return None
    if not _clock:
        _clock.extend(f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}" for second in range(_DAY))
    days, seconds = numpy.divmod(exact.astype("int64"), _DAY)
    written = [
        f"{day} days {'+' if day < 0 else ''}{_clock[second]}" for day, second in zip(days.tolist(), seconds.tolist())
    ]
    return _without(written, absent)


def _without(written: list[Any], absent: Any) -> list[Any]:
    for index in absent.nonzero()[0].tolist():
        written[index] = None
    return written
