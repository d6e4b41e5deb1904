"""The options that blocks share, documented once. A signature lists only what is its own and takes these as
`**options: Unpack[...]`; the base classes consume them and refuse any other name."""

from __future__ import annotations

from typing import Any, Literal, TypedDict


class BlockOptions(TypedDict, total=False):
    """What every block understands."""

    visible: bool | Literal["hidden"]
    """Whether it is shown. A hidden block keeps its value."""
    elem_id: str | None
    """The id of its element in the page, for css and scripts."""
    elem_classes: list[str] | str | None
    """Extra classes of its element."""
    render: bool
    """False makes it now and shows it where `.render()` is called later."""
    key: int | str | tuple[int | str, ...] | None
    """Names a block that is made again, so that its value is kept."""
    preserved_by_key: list[str] | str | None
    """Which properties a block with a `key` keeps when it is made again."""


class ComponentOptions(BlockOptions, total=False):
    """What every component understands besides."""

    label: str | None
    """Its name, shown above it; also the accessible name of its input."""
    show_label: bool | None
    """False hides the label from the eye, not from screen readers."""
    scale: int | None
    """Its share of the width in a Row: 0 keeps its natural size, 2 is twice as wide as 1."""
    min_width: int | None
    """Pixels below which it wraps to the next line."""
    every: float | Any | None
    """Seconds between two calls of a callable value while the page is open."""
    inputs: Any
    """Components whose values a callable value takes; it runs again when one changes."""


class FieldOptions(ComponentOptions, total=False):
    """What a component in a frame understands besides."""

    container: bool
    """False leaves out the frame and the padding around it."""
    interactive: bool | None
    """Whether the visitor may change it; None decides by its use in listeners."""


class FormOptions(FieldOptions, total=False):
    """What an input of a form understands besides."""

    info: str | None
    """A sentence of help under the label."""


class ListenOptions(TypedDict, total=False):
    """What every listener understands. Gradio's names, meanings and defaults."""

    api_name: str | Literal[False] | None
    scroll_to_output: bool
    show_progress: Literal["full", "minimal", "hidden"] | bool
    queue: bool | None
    batch: bool
    max_batch_size: int
    preprocess: bool
    postprocess: bool
    cancels: Any
    every: float | None
    trigger_mode: Literal["once", "multiple", "always_last"] | None
    js: str | Literal[True] | None
    concurrency_limit: int | Literal["default"] | None
    concurrency_id: str | None
    show_api: bool
    api_visibility: Literal["public", "undocumented", "private"]
    api_description: str | Literal[False] | None
    show_progress_on: Any
    time_limit: float | None
    """Seconds after which a run fails and its place in the queue is free again; a plain function should look at
    `request.cancelled` to end itself. None is no limit. Gradio has it for streams only."""
    priority: int
    """Events of a higher one start first within their concurrency group; 0 unless given. Not in Gradio."""
    permission: Any
    """What the visitor needs besides: a permission's name, a list of them, or a function of the user that answers True
    or False. Not in Gradio."""
