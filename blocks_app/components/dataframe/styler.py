"""A Styler of pandas: the frame, and how it says its cells are shown."""

from __future__ import annotations

from typing import Any

from blocks_app.components.dataframe import columns, tables


def table_of(styled: Any) -> tables.Table:
    """Headers and rows of the columns that are not hidden, with the texts and styles of their cells."""
    frame = styled.data
    hidden = {int(index) for index in getattr(styled, "hidden_columns", ())}
    kept = [index for index in range(frame.shape[1]) if index not in hidden]
    gone = {int(index) for index in getattr(styled, "hidden_rows", ())}
    if gone:
        rows = [index for index in range(len(frame)) if index not in gone]
    else:
        rows = None
    made = [columns.of_series(frame.iloc[:, index]) for index in kept]
    if rows is not None:
        made = [[column[index] for index in rows] for column in made]
    headers = [tables.header(frame.columns[index]) for index in kept]
    return tables.Table(headers, tables.from_columns(made), _metadata(styled, hidden))


def _metadata(styled: Any, hidden: set[int]) -> dict[str, Any]:
    """The texts and styles, of what pandas would write as HTML."""
    written = styled._compute()._translate(None, None)
    styles: dict[str, str] = {}
    for style in written.get("cellstyle", ()):
        text = "; ".join(f"{name}: {value}" for name, value in style.get("props", ()))
        styles.update(dict.fromkeys(style.get("selectors", ()), text))
    shown: list[list[str]] = []
    painted: list[list[str]] = []
    for row in written["body"]:
        fields = [field for field in row if field["type"] == "td"]
        fields = [field for index, field in enumerate(fields) if index not in hidden]
        shown.append([str(field["display_value"]) for field in fields])
        painted.append([styles.get(field["id"], "") for field in fields])
    return {"display_value": shown, "styling": painted}
