"""Dataframe."""

TRY = {
    "Dataframe.headers": ["a", "b", "c"],
    "Dataframe.row_count": (2, "fixed"),
    "Dataframe.col_count": (2, "fixed"),
    "Dataframe.column_count": (2, "fixed"),
    "Dataframe.height": 300,
    "Dataframe.column_widths": [100, "20%"],
    "Dataframe.row_limits": (1, 10),
    "Dataframe.column_limits": (1, 10),
    "Dataframe.buttons": ["copy"],
    "Dataframe.static_columns": [0],
    "Numpy.type": "array",
    "Matrix.type": "numpy",
    "List.headers": ["a"],
    "List.type": "numpy",
}
