"""Dataframe: a table to look at and to edit.

Interface: `Dataframe`, its short forms and second name.
"""

from blocks_app.components.dataframe.dataframe import DataFrame, Dataframe, List, Matrix, Numpy

__all__ = ["DataFrame", "Dataframe", "List", "Matrix", "Numpy"]
