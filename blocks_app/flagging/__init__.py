"""Flags: a visitor marks what an app was given and answered, and somebody keeps it.

The noun is the flag: one value for each component, an option, who, when. A callback keeps it: in a CSV file, in the
site's database, or wherever the app's author wants. For the author, and for what is built from Blocks.

Interface: `callback`, `cells`, `chat_csv_logger`, `csv_logger`, `database_logger`, `flag_method`, `hub`.
"""

from __future__ import annotations

from blocks_app.flagging.callback import FlaggingCallback
from blocks_app.flagging.chat_csv_logger import ChatCSVLogger
from blocks_app.flagging.csv_logger import ClassicCSVLogger, CSVLogger, SimpleCSVLogger
from blocks_app.flagging.database_logger import DatabaseLogger
from blocks_app.flagging.flag_method import FlagMethod
from blocks_app.flagging.hub import HuggingFaceDatasetSaver

__all__ = [
    "CSVLogger",
    "ChatCSVLogger",
    "ClassicCSVLogger",
    "DatabaseLogger",
    "FlagMethod",
    "FlaggingCallback",
    "HuggingFaceDatasetSaver",
    "SimpleCSVLogger",
]
