"""Names of Gradio that keep flags on the Hugging Face Hub: there are none here, and each says what to do instead."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from blocks_app.exceptions import DeclarationError
from blocks_app.flagging.callback import FlaggingCallback
from blocks_app.tree.component import Component


class HuggingFaceDatasetSaver(FlaggingCallback):
    """There is no dataset on the Hub here; making one raises a sentence that says so."""

    def __init__(
        self,
        hf_token: str | None = None,
        dataset_name: str = "",
        private: bool = False,
        info_filename: str = "dataset_info.json",
        separate_dirs: bool = False,
    ) -> None:
        """Raise the sentence. The arguments are Gradio's.

        Raises:
            DeclarationError: always.
        """
        raise DeclarationError(
            "Flags are not sent to the Hugging Face Hub: keep them in a file with gr.CSVLogger() or, inside a Django "
            "project, in its database, and upload the export of the admin with huggingface_hub."
        )

    def setup(self, components: Sequence[Component], flagging_dir: str | Path) -> None:
        """Never called."""

    def flag(self, flag_data: list[Any], flag_option: str | None = None, username: str | None = None) -> int:
        """Never called."""
        return 0
