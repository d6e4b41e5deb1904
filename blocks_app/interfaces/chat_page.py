"""What a page with a conversation has: the options of a ChatInterface, and its components."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar, Literal

from blocks_app.blocks import Blocks
from blocks_app.components import (
    JSON,
    BrowserState,
    Button,
    Chatbot,
    Dataset,
    MultimodalTextbox,
    State,
    Textbox,
)
from blocks_app.exceptions import Error
from blocks_app.i18n import gettext, gettext_lazy
from blocks_app.layouts import Sidebar
from blocks_app.tree.component import Component


class AnyData(JSON):
    """What a program gets: any data, a text as it is."""

    is_template: ClassVar[bool] = True

    def postprocess(self, value: Any) -> Any:
        """The value as it is."""
        return value


class History:
    """The list of conversations at the side, and what is needed to keep them.

    Attributes:
        new: the button that begins another one.
        list: the conversations.
        name: the field for the title of the one that is open, `delete` the button that deletes it.
        open: which one it is; see `chat_histories.Place`.
        ids: which ones are listed.
        browser: the conversations of a visitor without a login.
    """

    def __init__(self, number: int) -> None:
        """Declare it where the declaration stands; `number` tells it from others in a browser."""
        with Sidebar(gettext_lazy("Conversations"), elem_classes="conversations"):
            self.new = Button(gettext_lazy("New chat"), variant="primary", size="md")
            self.list = Dataset(
                components=[Textbox(label=gettext_lazy("Conversation"), render=False)],
                label=gettext_lazy("Conversations"),
                samples=[],
                headers=[],
                layout="table",
                type="index",
                samples_per_page=20,
            )
            self.name = Textbox(
                label=gettext_lazy("Title"),
                submit_btn=gettext_lazy("Rename"),
                max_lines=1,
                max_length=200,
                visible=False,
            )
            self.delete = Button(gettext_lazy("Delete this conversation"), variant="stop", size="sm", visible=False)
        self.open = State({"open": None, "turn": 0})
        self.ids = State([])
        self.browser = BrowserState([], storage_key=f"_saved_conversations_{number}")


class ChatPage(Blocks):
    """A page with a conversation: what gr.ChatInterface declares, for the modules that do it."""

    is_template: ClassVar[bool] = True

    fn: Callable[..., Any]
    type: Literal["messages", "tuples"] | None
    multimodal: bool
    examples: list[Any] | None
    examples_label: str | None
    examples_per_page: int | None
    example_messages: list[dict[str, Any]]
    run_examples_on_click: bool
    cache_examples: bool | None
    cache_mode: Literal["eager", "lazy"] | None
    editable: bool
    description: str | None
    autofocus: bool
    autoscroll: bool
    concurrency_limit: int | Literal["default"] | None
    show_progress: Literal["full", "minimal", "hidden"]
    api_name: str | Literal[False] | None
    api_description: str | Literal[False] | None
    api_visibility: Literal["public", "undocumented", "private"]
    validator: Callable[..., Any] | None
    time_limit: float | None
    retries: int
    flagging_mode: str
    flagging_options: Sequence[str] | None
    flagging_dir: str | None
    additional_inputs: list[Component]
    additional_outputs: list[Component]
    accordion: dict[str, Any]
    #: Whether the Chatbot offers to answer again, and to take a message back.
    offers_retry: bool
    offers_undo: bool
    #: What the stop button in the field is while an answer is on its way.
    stops_in_field: str | bool | None

    history: History | None
    chatbot: Chatbot
    textbox: Textbox | MultimodalTextbox
    retry_btn: Button | None
    undo_btn: Button | None
    clear_btn: Button | None
    submit_btn: Button | None
    stop_btn: Button | None
    fake_api_btn: Button
    api_response: AnyData
    asked: State
    chatbot_state: State

    @property
    def controls(self) -> list[Component]:
        """What changes while an answer is on its way: the field, and buttons beside it."""
        return [self.textbox, *(each for each in (self.submit_btn, self.stop_btn) if each is not None)]

    @property
    def buttons(self) -> list[Button | None]:
        """Retry, undo, clear, submit and stop, where each is a button of its own."""
        return [self.retry_btn, self.undo_btn, self.clear_btn, self.submit_btn, self.stop_btn]

    def example_at(self, index: Any) -> Any:
        """The message of an example. Raises Error for one that there is not."""
        if not isinstance(index, int) or isinstance(index, bool) or not 0 <= index < len(self.example_messages):
            raise Error(gettext("There is no such example."), print_exception=False)
        example = self.example_messages[index]
        return {"text": example.get("text", ""), "files": list(example.get("files", ()))}
