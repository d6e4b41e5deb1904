"""The examples of a ChatInterface: offered in the conversation while it is empty, or listed below it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from blocks_app.examples.examples import Examples
from blocks_app.exceptions import Error
from blocks_app.i18n import gettext
from blocks_app.interfaces import chat_layout
from blocks_app.interfaces.chat_answers import Reader, Wire, messages_of_pairs
from blocks_app.interfaces.chat_calls import Turn, calling
from blocks_app.listeners.event_data import SelectData
from blocks_app.listeners.kept_answers import KeptAnswers

if TYPE_CHECKING:
    from blocks_app.interfaces.chat_listening import Listening
    from blocks_app.interfaces.chat_page import ChatPage

QUIETLY: dict[str, Any] = {"api_visibility": "private", "queue": False, "show_progress": "hidden"}


def declare(chat: ChatPage, reader: Reader) -> Examples | None:
    """What shows the examples below the conversation, or keeps the answers to them."""
    kept = chat.cache_examples
    if kept is None:
        kept = os.environ.get("GRADIO_CACHE_EXAMPLES", "").lower() in ("true", "lazy")
    below = chat_layout.examples_below(chat)
    if not chat.examples or not (below or kept):
        return None
    options: dict[str, Any] = {"cache_mode": chat.cache_mode} if kept else {}
    return Examples(
        [_row(chat, each, bool(kept)) for each in chat.examples],
        [chat.textbox, *chat.additional_inputs],
        chat.chatbot,
        _answering(chat, reader),
        cache_examples=chat.cache_examples,
        examples_per_page=chat.examples_per_page or 10,
        label=chat.examples_label,
        visible=below,
        preload=False,
        **options,
    )


def _row(chat: ChatPage, example: Any, is_kept: bool) -> list[Any]:
    """A value for each input. An answer that is kept was made with all of them."""
    row = list(example) if isinstance(example, list | tuple) else [example]
    if is_kept:
        row += [None] * (1 + len(chat.additional_inputs) - len(row))
        rest = [each.value if value is None else value for value, each in zip(row[1:], chat.additional_inputs)]
        return [row[0], *rest]
    return row


def _answering(chat: ChatPage, reader: Reader) -> Any:
    """The function as Examples call it: it gives the whole conversation."""

    def prepare(message: Any, _: Any) -> tuple[Any, list[Any], Turn]:
        return message, [], Turn(reader.from_visitor(message))

    def give(turn: Turn, result: Any) -> Any:
        answer = result[0] if chat.additional_outputs and isinstance(result, tuple | list) and result else result
        return reader.shown([*turn.history, *reader.answered(answer)])

    return calling(chat.fn, prepare, give, (), gets_history=False)


def listen(chat: ChatPage, it: Listening, examples: Examples | None) -> None:
    """Listen to the choice of an example, if there are any."""
    if not chat.examples:
        return
    choosing = _Choosing(chat, it, examples)
    if chat_layout.examples_below(chat):
        if examples is not None and examples.cache_event is not None:
            shown = examples.cache_event.then(choosing.adopt, [examples.dataset, chat.asked], it.begins, **QUIETLY)
            it.ended(shown)
    elif examples is not None and examples.cache_examples:

        def show_kept(asked: Any, event: SelectData) -> Iterator[Any]:
            yield from choosing.show_kept(asked, event)

        show_kept._kept_answers = KeptAnswers(show_kept, choosing.has, is_quick=True)  # type: ignore[attr-defined]
        options: dict[str, Any] = {"api_visibility": "private", "show_progress": "minimal", **it.limits}
        it.ended(chat.chatbot.example_select(show_kept, chat.asked, it.begins, **options))
    elif chat.run_examples_on_click:
        it.answered(chat.chatbot.example_select(it.dialogue.example, chat.asked, it.begins, **QUIETLY))
    else:
        chat.chatbot.example_select(choosing.fill, None, chat.textbox, **QUIETLY)


class _Choosing:
    """What happens when an example is chosen."""

    def __init__(self, chat: ChatPage, it: Listening, examples: Examples | None) -> None:
        self._chat, self._dialogue, self._examples = chat, it.dialogue, examples

    def fill(self, event: SelectData) -> Any:
        """Its message is put into the field."""
        message = self._chat.example_at(event.index)
        return message if self._chat.multimodal else message["text"]

    def show_kept(self, asked: Any, event: SelectData) -> Iterator[Any]:
        """Its message is shown, then the answer that is kept."""
        yield self._dialogue.example(asked, event)
        yield self._dialogue.leave(asked, self._kept(event.index))

    def has(self, asked: Any, event: SelectData) -> bool:
        """Whether the answer to an example is kept."""
        examples = self._examples
        if examples is None or event.index not in range(len(examples.examples)):
            return False
        return examples.kept_answer(event.index) is not None

    def adopt(self, chosen: Any, asked: Any) -> list[Any]:
        """The answer that is kept is shown: the conversation goes on from there."""
        if chosen is None:
            raise Error(gettext("Choose one of the examples."), print_exception=False)
        return self._dialogue.leave(asked, self._kept(chosen[0]))

    def _kept(self, number: int) -> list[Wire]:
        assert self._examples is not None
        (value,) = self._examples.load_from_cache(number)
        if not isinstance(value, list):
            return []
        return messages_of_pairs(value) if value and isinstance(value[0], list) else value
