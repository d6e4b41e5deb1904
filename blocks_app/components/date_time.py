"""DateTime: a date, with or without a time."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from numbers import Real
from typing import Any, Literal, Unpack
from zoneinfo import ZoneInfo

from blocks_app.components.form_component import FormComponent
from blocks_app.components.framed import InputOptions
from blocks_app.components.validation import refusal, shown
from blocks_app.exceptions import DeclarationError
from blocks_app.i18n import gettext
from blocks_app.listeners.events import Events

_FORMAT, _DATE_FORMAT = "%Y-%m-%d %H:%M:%S", "%Y-%m-%d"
_NOW = re.compile(r"now(?:\s*-\s*(\d{1,9})\s*([dhms]))?", re.ASCII)
_UNITS = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds"}


class DateTime(FormComponent):
    """A date and a time, or a date alone, as text and from the browser's own calendar.

    Visitors may also write `now`, or `now - 5m` (also s, h, d): it is read when the function runs. A function gets it
    as `type` says and returns seconds since 1970, a datetime, a date, or text. Times are those of `timezone`; without
    one they are the server's, and a datetime that a function gets has no zone. A datetime with a zone that a function
    returns is shown as the time that it is in `timezone`.
    """

    change = Events.change
    submit = Events.submit

    def __init__(
        self,
        value: float | str | datetime | date | Callable[..., Any] | None = None,
        *,
        include_time: bool = True,
        type: Literal["timestamp", "datetime", "string"] = "timestamp",
        timezone: str | None = None,
        **options: Unpack[InputOptions],
    ) -> None:
        """Declare a date.

        Args:
            value: moment to start with (seconds since 1970, a datetime, text such as "now - 1d"), or a function that
                makes it.
            include_time: whether there is a time to the date.
            type: what the function gets: "timestamp" (seconds since 1970), "datetime", or "string".
            timezone: name of the zone whose clock is meant, such as "Europe/Berlin"; None means the server's.
            options: see InputOptions.
        """
        if type not in ("timestamp", "datetime", "string"):
            raise DeclarationError(f'DateTime: type must be "timestamp", "datetime" or "string", not {type!r}.')
        try:
            self._zone = None if timezone is None else ZoneInfo(timezone)
        except (ValueError, OSError, KeyError, TypeError) as error:
            raise DeclarationError(
                f'DateTime: timezone={timezone!r} is unknown. Name one such as "UTC" or "Europe/Berlin".'
            ) from error
        self.include_time = include_time
        self.type = type
        self.timezone = timezone
        super().__init__(value, **options)

    def preprocess(self, payload: Any) -> float | datetime | str | None:
        """The moment as `type` says; None when there is none.

        Raises:
            Error: it is no text that names a moment.
        """
        if payload is None or payload == "":
            return None
        try:
            moment = self._moment(payload)
            if self.type == "timestamp":
                return moment.timestamp()
        except (ValueError, OverflowError, OSError, AttributeError) as error:
            form = "2030-12-31 23:59:59" if self.include_time else "2030-12-31"
            raise refusal(
                self,
                gettext("a date such as %(form)s is needed, not %(payload)s.")
                % {"form": form, "payload": shown(payload)},
            ) from error
        return moment if self.type == "datetime" else moment.strftime(self._format)

    def postprocess(self, value: Any) -> str | None:
        """The moment as text; text that names none is shown as it is.

        Raises:
            ValueError: it is no moment: nan, a truth value, a list.
        """
        if value is None:
            return None
        if isinstance(value, str):
            try:
                return value if _NOW.fullmatch(value.strip()) else self._text(datetime.fromisoformat(value.strip()))
            except ValueError:
                return value
        if (
            hasattr(value, "astype") and getattr(value, "ndim", None) == 0
        ):  # a numpy.datetime64; its own item() counts nanoseconds
            value = value.astype("datetime64[us]").item() if value.dtype.kind == "M" else value.item()
        if value is None or (isinstance(value, datetime) and value != value):  # NaT of numpy, or of pandas
            return None
        if isinstance(value, datetime):
            return self._text(value)
        if isinstance(value, date):
            return self._text(datetime(value.year, value.month, value.day))
        if isinstance(value, bool) or not isinstance(value, Real):
            raise ValueError(f"DateTime takes seconds since 1970, a datetime, a date or text, not {shown(value)}.")
        try:
            return self._text(datetime.fromtimestamp(float(value), self._zone))
        except (ValueError, OverflowError, OSError) as error:
            raise ValueError(f"DateTime: {shown(value)} seconds since 1970 are no date of the calendar.") from error

    def api_info(self) -> dict[str, Any]:
        form = "YYYY-MM-DD HH:MM:SS" if self.include_time else "YYYY-MM-DD"
        return {"type": "string", "description": f"Formatted as {form}"}

    def example_value(self) -> Any:
        return "2020-10-01 05:20:15"

    @property
    def _format(self) -> str:
        return _FORMAT if self.include_time else _DATE_FORMAT

    def _moment(self, payload: Any) -> datetime:
        """What a text names; with the zone if one was declared, else without."""
        text = payload.strip()
        if (now := _NOW.fullmatch(text)) is None:
            written = datetime.fromisoformat(text)
            return self._local(written) if written.tzinfo else written.replace(tzinfo=self._zone)
        amount, unit = now.groups()
        # Counted where no clock is put back in autumn.
        moment = datetime.now(UTC) - timedelta(**{_UNITS[unit]: int(amount)} if unit else {})
        return self._local(moment)

    def _local(self, moment: datetime) -> datetime:
        """A moment with a zone, as the declared zone's clock has it; without one, as the server's."""
        return moment.astimezone(self._zone) if self._zone else moment.astimezone().replace(tzinfo=None)

    def _text(self, moment: datetime) -> str:
        return (self._local(moment) if moment.tzinfo else moment).strftime(self._format)
