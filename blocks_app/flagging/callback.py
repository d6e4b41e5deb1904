"""FlaggingCallback: what keeps flags. An app's own is a child of it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from blocks_app.tree.component import Component


class FlaggingCallback(ABC):
    """Keeps what visitors flag. `setup` is called once, when the page is declared; `flag` for each flag."""

    @abstractmethod
    def setup(self, components: Sequence[Component], flagging_dir: str | Path) -> Any:
        """Get ready.

        Args:
            components: those whose values are flagged, in the order of `flag_data`.
            flagging_dir: the folder for what is kept in files.
        """

    @abstractmethod
    def flag(self, flag_data: list[Any], flag_option: str | None = None, username: str | None = None) -> int:
        """Keep one flag.

        Args:
            flag_data: a value for each component, as it travels (listen with `preprocess=False`).
            flag_option: what the pressed button stands for.
            username: who has logged in.

        Returns how many flags there are now.
        """
