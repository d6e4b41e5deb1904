"""What listens on the page of a ChatInterface. See chat_turns for what happens to the conversation."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from blocks_app.exceptions import DeclarationError
from blocks_app.functions.signatures import describe
from blocks_app.interfaces import chat_examples
from blocks_app.interfaces.chat_answers import Reader
from blocks_app.interfaces.chat_calls import ChatOutputs, calling
from blocks_app.interfaces.chat_histories import Histories
from blocks_app.listeners.events import on
from blocks_app.listeners.listener import Listener
from blocks_app.listeners.validation import validate

if TYPE_CHECKING:
    from blocks_app.components import State
    from blocks_app.examples.examples import Examples
    from blocks_app.interfaces.chat_page import ChatPage
    from blocks_app.interfaces.chat_turns import Dialogue

#: For listeners that belong to the page alone, and take no time.
QUIETLY: dict[str, Any] = {"api_visibility": "private", "queue": False, "show_progress": "hidden"}
_MODES = ("never", "manual")


def flagging_mode(given: str | None) -> str:
    """Whether visitors say what they think of answers."""
    mode = os.environ.get("GRADIO_CHAT_FLAGGING_MODE", "never") if given is None else given
    if mode not in _MODES:
        raise DeclarationError(f"flagging_mode is 'manual' or 'never', not {mode!r}.")
    return mode


class Listening:
    """The listeners of one ChatInterface while they are declared."""

    def __init__(self, chat: ChatPage, dialogue: Dialogue, reader: Reader) -> None:
        answers = ChatOutputs(reader, len(chat.additional_outputs))
        self.chat, self.dialogue = chat, dialogue
        self.histories = Histories(chat, chat.history, dialogue) if chat.history is not None else None
        nothing = answers.nothing()
        self._for_page = calling(chat.fn, dialogue.asked, answers.for_page, nothing)
        self._for_programs = calling(chat.fn, dialogue.called, answers.for_programs, nothing)
        #: What a new turn is put into.
        self.begins = [*chat.controls, chat.chatbot, chat.asked, chat.chatbot_state]
        self.kept = [chat.asked, chat.chatbot_state]
        self.answers: list[Listener] = []
        #: After which of them the conversation is another.
        self.changed: list[Listener] = []
        #: Of everything that runs the function.
        self.limits: dict[str, Any] = {
            "concurrency_limit": chat.concurrency_limit,
            "concurrency_id": f"chat-{chat._id}" if chat.concurrency_limit != "default" else None,
            "time_limit": chat.time_limit,
            "retries": chat.retries,
        }

    def answered(self, begun: Listener) -> None:
        """A turn has begun: the question is kept, if it is to be, so that it is not lost with a page that is closed;
        the function is asked, and when it has ended, the page is as before."""
        chat = self.chat
        start = begun.success if self.histories is None else self.histories.keep_after(begun.success).then
        asked = start(
            self._for_page,
            [*self.kept, *chat.additional_inputs],
            [chat.chatbot, chat.chatbot_state, *chat.additional_outputs],
            api_visibility="private",
            show_progress=chat.show_progress,
            trigger_mode="multiple",
            **self.limits,
        )
        self.answers.append(asked)
        self.ended(asked.then(self.dialogue.ended, chat.asked, [*chat.controls, chat.asked], **QUIETLY))

    def ended(self, event: Listener) -> None:
        """A conversation has changed: it is kept, if it is to be."""
        self.changed.append(event)
        if self.histories is not None:
            self.histories.keep_after(event.then)

    def changes(self, triggers: list[Any], fn: Callable[..., Any], inputs: list[Any]) -> list[Listener]:
        """Listen to what ends an answer on its way, if there is anything that does."""
        found = [on(triggers, fn, inputs, self.begins, **QUIETLY)] if triggers else []
        self.changed += found
        return found

    def for_programs(self) -> None:
        """The endpoint."""
        chat = self.chat
        chat.fake_api_btn.click(
            self._for_programs,
            [chat.textbox, chat.chatbot_state, *chat.additional_inputs],
            [chat.api_response, chat.chatbot_state, *chat.additional_outputs],
            api_name=False if chat.api_name is False else chat.api_name or "chat",
            api_description=chat.api_description,
            api_visibility="private" if chat.api_name is False else chat.api_visibility,
            validator=None if chat.validator is None else _validator(chat, 1),
            **self.limits,
        )


def listen(chat: ChatPage, dialogue: Dialogue, reader: Reader, examples: Examples | None) -> Listening:
    """Declare all of them."""
    it = Listening(chat, dialogue, reader)
    kept = it.kept
    submits = [chat.textbox.submit, *([chat.submit_btn.click] if chat.submit_btn is not None else [])]
    looked_at = chat.additional_inputs if chat.validator is not None and _takes_more(chat.validator) else []
    options = QUIETLY if chat.validator is None else {**QUIETLY, "queue": True, "validator": _validator(chat, 2)}
    it.answered(on(submits, dialogue.take, [chat.textbox, *kept, *looked_at], it.begins, **options))
    it.for_programs()
    retries = [*([chat.chatbot.retry] if chat.offers_retry else []), *_clicks(chat.retry_btn)]
    if retries:
        it.answered(on(retries, dialogue.again, kept, it.begins, **QUIETLY))
    it.answered(chat.chatbot.option_select(dialogue.choose, kept, it.begins, **QUIETLY))
    if chat.chatbot.editable:
        it.answered(chat.chatbot.edit(dialogue.edit, kept, it.begins, **QUIETLY))
    chat_examples.listen(chat, it, examples)
    undos = [*([chat.chatbot.undo] if chat.offers_undo else []), *_clicks(chat.undo_btn)]
    stops = [chat.textbox.stop, *_clicks(chat.stop_btn)]
    clears = [chat.chatbot.clear, *_clicks(chat.clear_btn)]
    kept_after = [*it.changes(undos, dialogue.undo, kept), *it.changes(stops, dialogue.stop, kept)]
    (cleared,) = it.changes(clears, dialogue.clear, [chat.asked])
    leaves: list[Any] = []
    if it.histories is not None:
        leaves = it.histories.listen(it.begins, cleared)
        for each in kept_after:
            it.histories.keep_after(each.then)
    on([*retries, *undos, *clears, *stops, *leaves], None, cancels=it.answers, **QUIETLY)
    chat.load(dialogue.restore, kept, [*chat.controls, chat.chatbot], **QUIETLY)
    if chat.flagging_mode == "manual":
        from blocks_app.interfaces.chat_flags import Feedback  # the pages of most apps ask for none

        chat.chatbot.feedback_options = list(chat.flagging_options or ())
        keep = Feedback(chat, dialogue, reader).keep
        chat.chatbot.like(keep, chat.chatbot_state, api_visibility="private", show_progress="hidden")
    return it


def follow(chat: ChatPage, value: State, it: Listening) -> None:
    """Let a State have the conversation, and set it."""
    for each in it.changed:
        each.then(it.dialogue.value_now, chat.chatbot_state, value, **QUIETLY)
    value.change(it.dialogue.put, [value, *it.kept], it.begins, **QUIETLY)


def _clicks(button: Any) -> list[Any]:
    return [] if button is None else [button.click]


def _takes_more(validator: Callable[..., Any]) -> bool:
    info = describe(validator)
    return info.takes_any or len(info.parameters) > 1


def _validator(chat: ChatPage, between: int) -> Callable[..., Any]:
    """The app's validator, for a listener whose inputs are the message, some of our own, and the additional ones."""
    validator = chat.validator
    assert validator is not None
    takes_more = _takes_more(validator)

    def verdicts(result: Any) -> Any:
        first, *more = result if isinstance(result, tuple | list) else [result]
        return [first, *(validate(True, "") for _ in range(between)), *more]

    async def later(result: Any) -> Any:
        return verdicts(await result)

    def check(message: Any, *rest: Any) -> Any:
        result = validator(message, *(rest[between:] if takes_more else ()))
        return later(result) if inspect.isawaitable(result) else verdicts(result)

    return check
