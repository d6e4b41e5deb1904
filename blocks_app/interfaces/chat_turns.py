"""What happens to a conversation: somebody says something, wants another answer, takes a message back, changes one.

The conversation is kept on the server, in a State; what the page shows of it is never read back. Beside it stands what
is being asked: a number that rises with each question, so that an answer on its way to an older one is recognized.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from blocks_app.exceptions import Error
from blocks_app.i18n import gettext
from blocks_app.interfaces.chat_answers import Reader, Wire, pairs_of
from blocks_app.interfaces.chat_calls import Turn
from blocks_app.listeners.event_data import EditData, SelectData
from blocks_app.running.updates import skip, update

if TYPE_CHECKING:
    from blocks_app.interfaces.chat_page import ChatPage

#: What is being asked: its number, how many questions are on their way, the message as it was written, how many
#: messages of the conversation it makes, and whether the page shows more than is kept.
Asked = dict[str, Any]
NOTHING: Asked = {"number": 0, "open": 0, "text": "", "files": [], "messages": 0, "quiet": False}


class Dialogue:
    """The listeners of one ChatInterface that change its conversation."""

    def __init__(self, chat: ChatPage, reader: Reader) -> None:
        self._chat, self._reader = chat, reader
        self._submit_btn = chat.textbox.submit_btn

    # -- beginning a turn: each gives the controls, the Chatbot, what is asked, the conversation -----------------------

    def take(self, message: Any, asked: Asked, history: list[Wire] | None, *_: Any) -> list[Any]:
        """Somebody has said something."""
        return self._begun(message, asked, self.kept(history))

    def again(self, asked: Asked, history: list[Wire] | None) -> list[Any]:
        """The last message is to be answered anew."""
        before, last = self._last(self.kept(history))
        if last is None:
            raise Error(gettext("There is no message to answer yet."), print_exception=False)
        return self._begun(last, asked, before)

    def edit(self, asked: Asked, history: list[Wire] | None, event: EditData) -> list[Any]:
        """A message was changed: the conversation goes on from there. An answer that was changed only stands so."""
        kept = self.kept(history)
        place, text = self.place(kept, event.index), event.value
        if place is None or not isinstance(text, str):
            raise Error(gettext("This message is not part of the conversation any more."), print_exception=False)
        message = kept[place]
        if message["role"] == "user":
            return self._begun({"text": text, "files": self._reader.files(message)}, asked, kept[:place])
        others = [part for part in message["content"] if part["type"] != "text"]
        changed = {**message, "content": [{"text": text, "type": "text"}, *others]}
        history = [*kept[:place], changed, *kept[place + 1 :]]
        return self._quietly(asked, history)

    def choose(self, asked: Asked, history: list[Wire] | None, event: SelectData) -> list[Any]:
        """One of the answers that the program offered was chosen."""
        if not isinstance(event.value, str):
            raise Error(gettext("This is no answer to choose from."), print_exception=False)
        return self._begun(event.value, asked, self.kept(history))

    def example(self, asked: Asked, event: SelectData) -> list[Any]:
        """A way to begin was chosen."""
        return self._begun(self._chat.example_at(event.index), asked, [])

    def _begun(self, message: Any, asked: Asked, before: list[Wire]) -> list[Any]:
        if not isinstance(message, Mapping):
            message = {"text": message, "files": []}
        written = self._reader.from_visitor(message if message.get("files") else message.get("text"))
        asked.update(
            number=asked["number"] + 1,
            open=asked["open"] + 1,
            text=message.get("text") or "",
            files=[part["file"] for each in written for part in each["content"] if part["type"] == "file"],
            messages=len(written),
            quiet=False,
        )
        history = [*before, *written]
        return [*self._busy(), self._reader.shown(history), asked, history]

    def _quietly(self, asked: Asked, history: list[Wire]) -> list[Any]:
        asked.update(number=asked["number"] + 1, open=asked["open"] + 1, quiet=True)
        unchanged = [skip() for _ in self._chat.controls]
        return [*unchanged, self._reader.shown(history), asked, history]

    # -- the function -------------------------------------------------------------------------------------------------

    def asked(self, asked: Asked, history: list[Wire] | None) -> tuple[Any, list[Any], Turn] | None:
        """What the function gets, for the page: see chat_calls.Prepare."""
        if asked["quiet"]:
            return None
        number, kept = asked["number"], self.kept(history)
        before = kept[: len(kept) - asked["messages"]]
        message = asked["text"]
        if self._chat.multimodal:
            message = {"text": message, "files": self._reader.paths(asked["files"])}
        return message, self._reader.for_function(before), Turn(kept, lambda: bool(asked["number"] != number))

    def called(self, message: Any, history: list[Wire] | None) -> tuple[Any, list[Any], Turn]:
        """The same for a program, which sends the message with the call."""
        kept = self.kept(history)
        return message, self._reader.for_function(kept), Turn([*kept, *self._reader.from_visitor(message)])

    # -- ending one ---------------------------------------------------------------------------------------------------

    def ended(self, asked: Asked) -> list[Any]:
        """An answer is complete, has failed, or was stopped: the controls, what is asked."""
        asked["open"] = max(0, asked["open"] - 1)
        return [*(self.calm() if not asked["open"] else [skip() for _ in self._chat.controls]), asked]

    def stop(self, asked: Asked, history: list[Wire] | None) -> list[Any]:
        """The visitor wants no more of an answer: what was told of it stays. As for beginning a turn."""
        asked.update(number=asked["number"] + 1, open=0)
        kept = _settled(self.kept(history))
        return [*self.calm(), self._reader.shown(kept), asked, kept]

    def undo(self, asked: Asked, history: list[Wire] | None) -> list[Any]:
        """The last message and its answer are taken back; the message is in the field again. As above."""
        before, last = self._last(self.kept(history))
        asked.update(number=asked["number"] + 1, open=0)
        field, *others = self.calm()
        if last is not None:
            field = {**field, "value": last if self._chat.multimodal else last["text"]}
        return [field, *others, self._reader.shown(before), asked, before]

    def clear(self, asked: Asked) -> list[Any]:
        """All is gone. As above."""
        return self.leave(asked, [])

    def leave(self, asked: Asked, history: list[Wire]) -> list[Any]:
        """Another conversation takes the place of this one. As above."""
        asked.update(number=asked["number"] + 1, open=0)
        return [*self.calm(), self._reader.shown(history), asked, history]

    def restore(self, asked: Asked, history: list[Wire] | None) -> list[Any]:
        """The page was loaded anew in its tab: it shows what is kept. The controls, the Chatbot."""
        if history is None:
            return [skip() for _ in (*self._chat.controls, self._chat.chatbot)]
        return [*(self._busy(None) if asked["open"] else self.calm()), self._reader.shown(history)]

    def value_now(self, history: list[Wire] | None) -> list[Any]:
        """The conversation as the page shows it."""
        return self._reader.shown(self.kept(history))

    def put(self, value: Any, asked: Asked, history: list[Wire] | None) -> list[Any]:
        """A function of the page's own has set the conversation. As above."""
        kept = self.kept(history)
        if value is None or value == self._reader.shown(kept):
            return [skip() for _ in range(len(self._chat.controls) + 3)]
        return self.leave(asked, self._reader.written(value))

    # -- helpers ------------------------------------------------------------------------------------------------------

    def kept(self, history: list[Wire] | None) -> list[Wire]:
        """The conversation; the one that the page begins with where nothing has happened yet."""
        return self._reader.first() if history is None else history

    def _busy(self, value: str | None = "") -> list[dict[str, Any]]:
        """The controls while an answer is on its way."""
        chat = self._chat
        field: dict[str, Any] = {
            "interactive": False,
            "show_label": False,
            "submit_btn": False,
            "stop_btn": chat.stops_in_field,
        }
        shown = [update(**field) if value is None else update(value=value, **field)]
        if chat.submit_btn is not None:
            shown.append(update(visible=chat.stop_btn is None, interactive=False))
        return [*shown, *([update(visible=True)] if chat.stop_btn is not None else [])]

    def calm(self) -> list[dict[str, Any]]:
        """The controls while nothing is on its way."""
        chat = self._chat
        shown = [update(interactive=True, show_label=False, submit_btn=self._submit_btn, stop_btn=False)]
        if chat.submit_btn is not None:
            shown.append(update(visible=True, interactive=True))
        return [*shown, *([update(visible=False)] if chat.stop_btn is not None else [])]

    def _last(self, history: list[Wire]) -> tuple[list[Wire], dict[str, Any] | None]:
        """The conversation before the last that the visitor said, and that."""
        end = len(history)
        while end and history[end - 1]["role"] != "user":
            end -= 1
        start = end
        while start and history[start - 1]["role"] == "user":
            start -= 1
        if start == end:
            return history, None
        messages = history[start:end]
        text = "".join(self._reader.text(each) for each in messages)
        return history[:start], {
            "text": text,
            "files": [file for each in messages for file in self._reader.files(each)],
        }

    def place(self, history: list[Wire], index: Any) -> int | None:
        """Which message an event of the Chatbot is about."""
        if isinstance(index, list):
            numbered = [
                {**message, "content": [{"type": part["type"], "text": at, "at": at} for part in message["content"]]}
                for at, message in enumerate(history)
            ]
            try:
                side = pairs_of(numbered)[index[0]][index[1]]
            except (IndexError, TypeError):
                return None
            index = side["at"] if isinstance(side, Mapping) else side
        known = isinstance(index, int) and not isinstance(index, bool) and 0 <= index < len(history)
        return index if known else None


def _settled(history: list[Wire]) -> list[Wire]:
    """The same without thoughts that seem to go on."""
    return [
        {**each, "metadata": {**each["metadata"], "status": "done"}}
        if (each.get("metadata") or {}).get("status") == "pending"
        else each
        for each in history
    ]
