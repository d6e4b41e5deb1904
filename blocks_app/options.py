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


class PlacedOptions(BlockOptions, total=False):
    """What every component understands besides, whatever names it."""

    scale: int | None
    """Its share of the width in a Row: 0 keeps its natural size, 2 is twice as wide as 1."""
    min_width: int | None
    """Pixels below which it wraps to the next line."""
    every: float | Any | None
    """Seconds between two calls of a callable value while the page is open."""
    inputs: Any
    """Components whose values a callable value takes; it runs again when one changes."""


class ComponentOptions(PlacedOptions, total=False):
    """What a component with a label understands besides."""

    label: str | None
    """Its name, shown above it; also the accessible name of its input."""
    show_label: bool | None
    """False hides the label from the eye, not from screen readers."""


class FrameOptions(ComponentOptions, total=False):
    """What a component in a frame understands besides."""

    container: bool
    """Whether it has a frame with its label, and padding around it; True unless given."""


class FieldOptions(FrameOptions, total=False):
    """What a component that visitors may change understands besides."""

    interactive: bool | None
    """Whether the visitor may change it; None decides by its use in listeners."""


class FormOptions(FieldOptions, total=False):
    """What an input of a form understands besides."""

    info: str | None
    """A sentence of help under the label."""


class ListenOptions(TypedDict, total=False):
    """What every listener understands. Gradio's names, meanings and defaults."""

    api_name: str | Literal[False] | None
    """Name under which programs call it: that of the function unless given; False keeps programs out."""
    scroll_to_output: bool
    """Whether the page scrolls to the first output when it is done; False unless given."""
    show_progress: Literal["full", "minimal", "hidden"] | bool
    """What the outputs show while it runs: "full" with time and progress, which is the default, "minimal", "hidden"."""
    queue: bool | None
    """False runs it at once and outside every limit, without progress; only the first value of a generator counts."""
    batch: bool
    """True gives the function lists with the values of several events together; it returns one list per output."""
    max_batch_size: int
    """Most events in one batch; 4 unless given."""
    preprocess: bool
    """False gives the function the values as they are on the wire."""
    postprocess: bool
    """False sends the function's results as they are."""
    cancels: Any
    """Listeners, as other listening calls returned them, whose waiting and running events it ends."""
    every: float | None
    """Seconds between two runs for as long as the page is open; or a gr.Timer, whose ticks are events too."""
    trigger_mode: Literal["once", "multiple", "always_last"] | None
    """What happens to an event while another of this listener runs: "once" drops it, "multiple" runs both,
    "always_last" runs the newest afterwards. The last for changes and released keys, "once" for all else."""
    js: str | Literal[True] | None
    """JavaScript function that runs in the page first: it gets the values of inputs and outputs and returns the inputs
    for `fn`, or without `fn` the outputs."""
    concurrency_limit: int | Literal["default"] | None
    """How many of its events run at once; None is no limit, "default" what `queue()` says, else 1."""
    concurrency_id: str | None
    """Listeners with the same text here share the limit, which is the lowest of theirs."""
    show_api: bool
    """False leaves it out of the list of endpoints; programs may call it all the same."""
    api_visibility: Literal["public", "undocumented", "private"]
    """"public" is listed and may be called, "undocumented" may be called, "private" is for the page alone."""
    api_description: str | Literal[False] | None
    """What the list of endpoints says of it: the function's docstring unless given, nothing with False."""
    show_progress_on: Any
    """Component or list of them that show the progress in place of the outputs."""
    inputs_kwargs: dict[str, Any] | None
    """Components by name of a parameter: their values reach the function by these names, after those of `inputs`."""
    validator: Any
    """Function that gets the same values before the event waits. It returns a `gr.validate(ok, message)` for each
    input, or one alone; if one is not ok, the message stands at that input and the function does not run."""
    stream_every: float
    """Seconds between two pictures of a streaming input; 0.5 unless given. Only for `stream`."""
    key: int | str | tuple[int | str, ...] | None
    """Names a listener made in gr.render: made again with the same key it is the same one, and what runs goes on."""
    time_limit: float | None
    """Seconds after which a run fails and its place in the queue is free again; a plain function should look at
    `request.cancelled` to end itself. None is no limit. Gradio has it for streams only."""
    retries: int
    """How often an event waits again, in front of all others, when the worker that ran it has died or had to end: it is
    run once more from its beginning, so give it where that does no harm. 0 unless given: then the visitor is told.
    Where no workers run the functions it changes nothing. Not in Gradio."""
    priority: int
    """Events of a higher one start first within their concurrency group; 0 unless given. Not in Gradio."""
    permission: Any
    """What the visitor needs besides: a permission's name, a list of them, or a function of the user that answers True
    or False. Not in Gradio."""
