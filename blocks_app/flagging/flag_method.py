"""FlagMethod: what a button that flags does; and how such buttons are listened to."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from django.utils.text import format_lazy

from blocks_app.components import Button
from blocks_app.exceptions import DeclarationError, Error
from blocks_app.flagging.callback import FlaggingCallback
from blocks_app.flagging.csv_logger import CSVLogger, is_modern
from blocks_app.flagging.database_logger import DatabaseLogger
from blocks_app.i18n import gettext, gettext_lazy, own
from blocks_app.logs import logger
from blocks_app.running import failures
from blocks_app.running.notifications import Warning as show_warning
from blocks_app.running.request import Request
from blocks_app.tree.component import Component

log = logger("blocks_app.flagging")

#: Gradio's folders: of version 4, and of version 6.
CLASSIC_FOLDER, MODERN_FOLDER = "flagged", ".gradio/flagged"


class FlagMethod:
    """Flags the values that it is called with, and shows how that goes on the button that was pressed."""

    #: Seconds for which "Saving..." is seen at least.
    pause: ClassVar[float] = 0.8

    def __init__(
        self, flagging_callback: FlaggingCallback, label: str, value: str | None, visual_feedback: bool = True
    ) -> None:
        """Flag with a callback.

        Args:
            flagging_callback: what keeps the flag.
            label: what the button says.
            value: the option that it stands for.
            visual_feedback: False for flags without a button.
        """
        self.flagging_callback = flagging_callback
        self.label = label
        self.value = value
        self.visual_feedback = visual_feedback
        self.__name__ = "Flag"

    def __call__(self, request: Request, *flag_data: Any) -> Any:
        """Keep one flag. An error is told to the log; to the visitor only that there was one, unless it is meant for
        visitors."""
        username = request.username if request is not None else None
        try:
            self.flagging_callback.flag(list(flag_data), flag_option=self.value, username=username)
        except Exception as error:
            log.exception("flagging.failed", extra={"option": self.value})
            if isinstance(error, Error):
                show_warning(failures.safe_text(partial(str, error), gettext("The flag was not kept.")))
            return Button(value=gettext("Error!"), interactive=True) if self.visual_feedback else None
        if not self.visual_feedback:
            return None
        time.sleep(self.pause)
        return self.reset()

    def saving(self) -> Button:
        """The button while a flag is kept."""
        return Button(value=gettext("Saving..."), interactive=False)

    def reset(self) -> Button:
        """The button as it was."""
        return Button(value=self.label, interactive=True)


def speaks_of_gradio_6(mode: str | None, flagging_dir: str | Path | None, callback: Any = None) -> bool:
    """Whether the arguments of an app are those of Gradio 6: `flagging_mode`, a folder of its own, its CSVLogger."""
    if mode is not None or (flagging_dir is not None and is_modern(Path(flagging_dir))):
        return True
    return "GRADIO_FLAGGING_MODE" in os.environ or (isinstance(callback, CSVLogger) and callback.is_named_modern)


def flagging_options(
    given: Sequence[str] | Sequence[tuple[str, str | None]] | None, modern: bool = False
) -> list[tuple[str, str | None]]:
    """What buttons say and stand for, of the argument `flagging_options`; the only button for nothing, which Gradio 4
    says by an empty text.

    Raises:
        DeclarationError: they are neither texts nor pairs.
    """
    if given is None:
        return [(own("Flag"), None if modern else "")]
    if isinstance(given, list | tuple):
        if all(isinstance(each, str) for each in given):
            flag_as: Any = gettext_lazy("Flag as {option}")
            return [(format_lazy(flag_as, option=each), str(each)) for each in given]  # type: ignore[misc]
        pairs = [tuple(each) for each in given if isinstance(each, list | tuple) and len(each) == 2]
        if len(pairs) == len(given) and all(isinstance(value, str | None) for _, value in pairs):
            return [(str(label), value) for label, value in pairs]
    raise DeclarationError(
        'flagging_options is a list of texts, ["wrong", "rude"], or of pairs of what a button says and stands for, '
        f'[("Wrong answer", "wrong")]; got {given!r}.'
    )


def flag_on_click(
    callback: FlaggingCallback,
    buttons: Sequence[Button],
    options: Sequence[tuple[str, str | None]],
    components: Sequence[Component],
    clear_button: Button | None = None,
) -> None:
    """Let each button flag the values of these components with its option; clearing makes it as it was."""
    quiet: dict[str, Any] = {"queue": False, "show_api": False}
    for button, (label, value) in zip(buttons, options):
        method = FlagMethod(callback, label, value)
        button.click(method.saving, None, button, **quiet)
        button.click(method, list(components), button, preprocess=False, **quiet)
        if clear_button is not None:
            clear_button.click(method.reset, None, button, **quiet)


def flag_on_success(
    callback: FlaggingCallback, event: Any, components: Sequence[Component], modern: bool = False
) -> None:
    """Flag the values of these components whenever an event has succeeded."""
    method = FlagMethod(callback, "", None if modern else "", visual_feedback=False)
    event.success(method, list(components), None, preprocess=False, queue=False, show_api=False)


def default_callback(flagging_dir: str | Path | None = None) -> FlaggingCallback:
    """What keeps flags where nothing is said of it.

    Args:
        flagging_dir: a folder that the author has named: then there are files in it. None, inside a project: its
            database; in a script: files too.
    """
    project = sys.modules.get("django.conf")
    inside = os.environ.get("DJANGO_SETTINGS_MODULE") or (project is not None and project.settings.configured)
    return DatabaseLogger() if flagging_dir is None and inside else CSVLogger()


def set_up(
    callback: FlaggingCallback,
    inputs: Sequence[Component],
    outputs: Sequence[Component],
    flagging_dir: str | Path,
    name: str = "",
) -> None:
    """Tell a callback whose values it will get, first those that the function takes, then those that it gives.

    Args:
        callback: what keeps the flags.
        inputs: components that the function takes.
        outputs: components that it gives.
        flagging_dir: the folder for what is kept in files.
        name: how the database calls what is flagged.
    """
    if isinstance(callback, DatabaseLogger):
        callback.inputs, callback.name = len(inputs), callback.name or name
    callback.setup([*inputs, *outputs], flagging_dir)
