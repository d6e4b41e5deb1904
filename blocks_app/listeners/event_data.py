"""What an event carries, for functions that ask for it by annotation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from blocks_app.files import file_data
from blocks_app.functions.annotations import asked_for

if TYPE_CHECKING:
    from blocks_app.tree.block import Block
    from blocks_app.tree.component import Component


@asked_for
class EventData:
    """What happened, for a function that asks for it by annotation (`evt: gr.EventData`).

    `target` is the block that it happened to; what else the event carries are attributes, too. `_data` (in the classes
    for one kind of event `data`) is all of it as the browser sent it.
    """

    _is_injected = True
    _wants_event_data = True

    def __init__(self, target: Block | None, _data: Any) -> None:
        """Args: target: the block that the event happened to. _data: what the browser sent with it."""
        self.target = target
        self._data = _data

    def __getattr__(self, name: str) -> Any:
        data = self.__dict__.get("_data")
        if isinstance(data, dict) and not name.startswith("_") and name in data:  # T37: never a private name
            return data[name]
        raise AttributeError(f"{type(self).__name__} has no {name!r}. The event carried: {data!r}")


@asked_for
class SelectData(EventData):
    """A selection: `index`, `value`, `selected`."""

    def __init__(self, target: Block | None, data: Any) -> None:
        super().__init__(target, data)
        self.index: Any = data["index"]
        self.value: Any = data["value"]
        self.row_value: Any = data.get("row_value")
        self.col_value: Any = data.get("col_value")
        self.selected: bool = data.get("selected", True)


@asked_for
class EditData(EventData):
    """A change that a visitor made to a part of a value: `index`, `value`, `previous_value`."""

    def __init__(self, target: Block | None, data: Any) -> None:
        super().__init__(target, data)
        self.index: Any = data["index"]
        self.value: Any = data["value"]
        self.previous_value: Any = data["previous_value"]


@asked_for
class KeyUpData(EventData):
    """A key released in an input: `key`, `input_value`."""

    def __init__(self, target: Block | None, data: Any) -> None:
        super().__init__(target, data)
        self.key: str = data["key"]
        self.input_value: str = data["input_value"]


@asked_for
class LikeData(EventData):
    """A thumb up or down: `index`, `value`, `liked`."""

    def __init__(self, target: Block | None, data: Any) -> None:
        super().__init__(target, data)
        self.index: Any = data["index"]
        self.value: Any = data["value"]
        self.liked: bool | str = data.get("liked", True)


@asked_for
class RetryData(EventData):
    """A wish for another answer: `index` and `value` of the message to be answered."""

    def __init__(self, target: Block | None, data: Any) -> None:
        super().__init__(target, data)
        self.index: Any = data["index"]
        self.value: Any = data["value"]


@asked_for
class UndoData(EventData):
    """A message taken back: its `index` and `value`."""

    def __init__(self, target: Block | None, data: Any) -> None:
        super().__init__(target, data)
        self.index: Any = data["index"]
        self.value: Any = data["value"]


@asked_for
class CopyData(EventData):
    """A text put on the clipboard: `value`."""

    def __init__(self, target: Block | None, data: Any) -> None:
        super().__init__(target, data)
        self.value: Any = data["value"]


@asked_for
class DeletedFileData(EventData):
    """A file taken out of a list: `file`, with `path`, `orig_name` and `size`."""

    def __init__(self, target: Block | None, data: Any) -> None:
        super().__init__(target, data)
        self.file = file_data.sent(data, cast("Component", target))


@asked_for
class DownloadData(EventData):
    """A file that was saved: `file`, with `path`, `orig_name` and `size`."""

    def __init__(self, target: Block | None, data: Any) -> None:
        super().__init__(target, data)
        self.file = file_data.sent(data, cast("Component", target))
