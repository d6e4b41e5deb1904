"""What a Dataframe says of its size: what it starts with, and between which limits visitors may change it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from blocks_app.components.validation import shown
from blocks_app.exceptions import DeclarationError
from blocks_app.i18n import gettext

Count = tuple[int, str]
Limits = tuple[int | None, int | None]

_MODES = ("fixed", "dynamic")
#: Most cells of an empty table, which is made of them, and most columns or rows.
_MOST = 1_000_000


def count_of(option: str, given: Any, otherwise: int) -> Count:
    """A count with its mode: `3` and `(3, "dynamic")` are the same, None is `otherwise`.

    Raises:
        DeclarationError: something else was given.
    """
    if given is None:
        return (otherwise, "dynamic")
    number, mode = (given, "dynamic") if isinstance(given, (int, float)) else _pair(option, given)
    if isinstance(number, bool) or not isinstance(number, (int, float)) or mode not in _MODES or not number >= 0:
        raise _unknown(option, given)
    if number > _MOST:
        raise DeclarationError(f"Dataframe: {option} is at most {_MOST:,}, not {shown(number)}.")
    return (int(number), mode)


def check_cells(rows: Count, columns: Count) -> None:
    """Raise DeclarationError when an empty table of this size would have too many cells."""
    if rows[0] * columns[0] > _MOST:
        raise DeclarationError(
            f"Dataframe: an empty table of {rows[0]:,} rows and {columns[0]:,} columns is too large; {_MOST:,} cells "
            "are the most. Give a smaller row_count or col_count, or the table as the value."
        )


def _pair(option: str, given: Any) -> tuple[Any, Any]:
    if isinstance(given, str) or not isinstance(given, Sequence) or len(given) != 2:
        raise _unknown(option, given)
    return given[0], given[1]


def _unknown(option: str, given: Any) -> DeclarationError:
    return DeclarationError(f'Dataframe: {option} is a number or a pair such as (3, "fixed"), not {given!r}.')


def limits_of(option: str, given: Any) -> Limits | None:
    """The least and the most of something; None in a place is no limit.

    Raises:
        DeclarationError: something else was given.
    """
    if given is None:
        return None
    if not isinstance(given, (tuple, list)) or len(given) != 2 or not all(map(_is_limit, given)):
        raise DeclarationError(f"Dataframe: {option} is a pair such as (1, 10) or (None, 10), not {given!r}.")
    least, most = given
    if least is not None and most is not None and least > most:
        raise DeclarationError(f"Dataframe: {option}={given!r} leaves nothing: the first is more than the second.")
    return (least, most)


def _is_limit(value: Any) -> bool:
    return value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 0)


def outside(name: str, count: int, limits: Limits | None) -> str | None:
    """What is wrong with so many rows or columns; None when nothing is."""
    least, most = limits or (None, None)
    if least is not None and count < least:
        return gettext("at least %(least)s %(name)s are needed; got %(count)s.") % {
            "least": least,
            "name": name,
            "count": count,
        }
    if most is not None and count > most:
        return gettext("at most %(most)s %(name)s are taken; got %(count)s.") % {
            "most": most,
            "name": name,
            "count": count,
        }
    return None


def changed(changes: dict[str, Any], headers: list[str], count: Count) -> dict[str, Any]:
    """Changes of a table that was declared, with what follows from one for the others: headers, and their count."""
    given = changes.get("column_count", changes.get("col_count"))
    names = changes.get("headers")
    if names is None and given is not None:
        number = count_of("col_count", given, 0)[0]
        names = [*headers[:number], *[str(each) for each in range(len(headers) + 1, number + 1)]]
        return {**changes, "headers": names, "col_count": given, "column_count": given}
    if isinstance(names, (list, tuple)) and given is None:
        given = (len(names), count[1])
    return changes if given is None else {**changes, "col_count": given, "column_count": given}
