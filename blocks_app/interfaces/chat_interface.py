"""ChatInterface: a whole conversation with one function."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, Literal

from blocks_app.blocks import Blocks
from blocks_app.components import Button, Chatbot, MultimodalTextbox, State, Textbox
from blocks_app.diagnostics.mistakes import warn
from blocks_app.exceptions import DeclarationError
from blocks_app.functions.kinds import kind_of
from blocks_app.i18n import own
from blocks_app.interfaces import chat_examples, chat_format, chat_layout, chat_listening
from blocks_app.interfaces.chat_answers import Reader
from blocks_app.interfaces.chat_page import AnyData, ChatPage, History
from blocks_app.interfaces.chat_turns import NOTHING, Dialogue
from blocks_app.layouts import Accordion
from blocks_app.tree.component import Component
from blocks_app.tree.iterables import several

#: Arguments that Gradio 6 does not have: a script that writes one was written for an older version.
_OLD = ("additional_inputs_accordion_name", "examples_per_page", "theme", "css", "js", "head")
_FORMATS = (None, "messages", "tuples")
ButtonText = str | bool | Button | None


class ChatInterface(ChatPage):
    """A page for a conversation: a Chatbot, a field for messages, and what one wants beside them.

    The function gets the message and the conversation before it, then the values of `additional_inputs`. It returns the
    answer, or yields it as it grows: a text, a file as `{"path": …}`, a component such as `gr.Image(…)`, a
    `gr.ChatMessage`, or a list of these.

        def answer(message, history):
            return f"You said {message}."

        gr.ChatInterface(answer).launch()

    Attributes:
        chatbot, textbox: its components, for listeners of one's own.
        additional_inputs, additional_outputs: likewise.
        submit_btn, stop_btn, retry_btn, undo_btn, clear_btn: buttons beside the field or below the conversation; None
            where there is none of its own.
    """

    is_template: ClassVar[bool] = True
    _value: State | None = None

    def __init__(
        self,
        fn: Callable[..., Any],
        *,
        type: Literal["messages", "tuples"] | None = None,
        multimodal: bool = False,
        chatbot: Chatbot | None = None,
        textbox: Textbox | MultimodalTextbox | None = None,
        additional_inputs: str | Component | Sequence[str | Component] | None = None,
        additional_inputs_accordion_name: str | None = None,
        additional_inputs_accordion: str | Accordion | None = None,
        additional_outputs: Component | Sequence[Component] | None = None,
        editable: bool = False,
        examples: Sequence[Any] | None = None,
        examples_label: str | None = "Examples",
        example_labels: Sequence[str] | None = None,
        example_icons: Sequence[str] | None = None,
        run_examples_on_click: bool = True,
        cache_examples: bool | Literal["lazy"] | None = None,
        cache_mode: Literal["eager", "lazy"] | None = None,
        examples_per_page: int | None = None,
        title: str | None = None,
        description: str | None = None,
        flagging_mode: Literal["never", "manual"] | None = None,
        flagging_options: Sequence[str] | None = ("Like", "Dislike"),
        flagging_dir: str | None = None,
        theme: Any = None,
        css: str | None = None,
        js: str | None = None,
        head: str | None = None,
        analytics_enabled: bool | None = None,
        autofocus: bool = True,
        autoscroll: bool = True,
        submit_btn: ButtonText = True,
        stop_btn: ButtonText = True,
        retry_btn: ButtonText = True,
        undo_btn: ButtonText = True,
        clear_btn: ButtonText = True,
        concurrency_limit: int | Literal["default"] | None = "default",
        delete_cache: tuple[int, int] | None = None,
        show_progress: Literal["full", "minimal", "hidden"] = "minimal",
        fill_height: bool = True,
        fill_width: bool = False,
        api_name: str | Literal[False] | None = None,
        api_description: str | Literal[False] | None = None,
        api_visibility: Literal["public", "undocumented", "private"] = "public",
        save_history: bool = False,
        validator: Callable[..., Any] | None = None,
        time_limit: float | None = None,
        retries: int = 0,
    ) -> None:
        """Declare the page.

        Args:
            fn: the function; plain, async, a generator or both. A ChatInterface stands for its function.
            type: "messages" gives the function the conversation as `{"role": …, "content": …}`, "tuples" as pairs
                `[message, answer]`. None takes what its annotation or its code asks for, and messages where they do
                not tell.
            multimodal: whether files go with messages: the function then gets `{"text": …, "files": [path, …]}`.
            chatbot: the conversation, to choose its options.
            textbox: the field for messages, likewise.
            additional_inputs: components, or their names, whose values the function gets besides. Those that stand
                nowhere yet are put below, in an Accordion.
            additional_inputs_accordion_name: the same as a text for `additional_inputs_accordion`.
            additional_inputs_accordion: the Accordion, or what stands on it.
            additional_outputs: components of the page around it: the function then returns the answer and a value for
                each of them.
            editable: whether visitors can change what they said, and get another answer.
            examples: messages to begin with: texts, `{"text": …, "files": […]}`, or with additional inputs a list of
                the message and their values.
            examples_label: what stands on them where they stand below the conversation.
            example_labels: what stands on each in the conversation, instead of the message.
            example_icons: pictures on them.
            run_examples_on_click: False only puts the message into the field.
            cache_examples: whether answers to them are kept; "lazy" is `cache_mode="lazy"`.
            cache_mode: "eager" makes them before the first visitor comes, "lazy" when one is wanted.
            examples_per_page: how many are shown at a time below the conversation, which is where they then stand.
            title: a heading, and the title of the tab.
            description: Markdown below it.
            flagging_mode: "manual" lets visitors say what they think of an answer. None reads
                GRADIO_CHAT_FLAGGING_MODE, else "never".
            flagging_options: what they can say; "Like" and "Dislike" are thumbs.
            flagging_dir: the folder in which that is kept; unless given, it is the database of a project, and
                `.gradio/flagged` for a script.
            theme: as for gr.Blocks; so are `css`, `js`, `head`, `analytics_enabled`, `delete_cache`, `fill_height`
                and `fill_width`.
            css: see theme.
            js: see theme.
            head: see theme.
            analytics_enabled: see theme.
            autofocus: whether the cursor is in the field when the page opens.
            autoscroll: whether the conversation follows what is added.
            submit_btn: True is a button in the field, a text is written on it; a gr.Button stands beside the field.
                False or None is none.
            stop_btn: likewise the button that ends an answer on its way.
            retry_btn: True offers another answer below the last one, a text or gr.Button stands below the
                conversation. False or None is none.
            undo_btn: likewise to take a message back.
            clear_btn: likewise to begin anew; True is the Chatbot's own.
            concurrency_limit: how many answers are made at once; see ListenOptions.
            delete_cache: see theme.
            show_progress: what the conversation shows while an answer is made.
            fill_height: see theme.
            fill_width: see theme.
            api_name: of the endpoint for programs; "chat" unless given. False keeps them out.
            api_description: what is said of it; the function's docstring unless given.
            api_visibility: see ListenOptions.
            save_history: whether conversations are kept and listed at the side: in a Django site for who has logged in,
                in its database; else in the visitor's browser.
            validator: a function that looks at the message, and at the additional inputs if it takes more, before the
                function is asked; see ListenOptions.
            time_limit: seconds that an answer may take. Not in Gradio.
            retries: how often an answer begins anew whose worker has died; see ListenOptions. Not in Gradio.
        """
        super().__init__(
            theme=theme,
            analytics_enabled=analytics_enabled,
            mode="chat_interface",
            title=title or "Gradio",
            css=css,
            js=js,
            head=head,
            fill_height=fill_height,
            delete_cache=delete_cache,
            fill_width=fill_width,
        )
        self.fn: Callable[..., Any] = fn.fn if isinstance(fn, ChatInterface) else fn
        self.type, self.multimodal = _checked_format(type, self.fn), multimodal
        self.is_async, self.is_generator = kind_of(self.fn)
        self.examples = None if examples is None else list(examples)
        self.examples_label, self.examples_per_page = own(examples_label), examples_per_page
        self.run_examples_on_click = run_examples_on_click
        self.cache_examples, self.cache_mode = chat_layout.cache_options(cache_examples, cache_mode)
        self.editable, self.save_history = editable, save_history
        self.autofocus, self.autoscroll, self.description = autofocus, autoscroll, description
        self.concurrency_limit, self.show_progress = concurrency_limit, show_progress
        self.api_name, self.api_description, self.api_visibility = api_name, api_description, api_visibility
        self.validator, self.time_limit, self.retries = validator, time_limit, retries
        self.flagging_mode = chat_listening.flagging_mode(flagging_mode)
        self.flagging_options, self.flagging_dir = flagging_options, flagging_dir
        self.additional_inputs = chat_layout.inputs(additional_inputs)
        self.additional_outputs: list[Component] = several(additional_outputs)
        self.accordion = chat_layout.accordion_options(additional_inputs_accordion or additional_inputs_accordion_name)
        self.example_messages = chat_layout.example_messages(self, example_labels, example_icons)
        inside = {"submit_btn": submit_btn, "stop_btn": stop_btn}
        below = {"retry_btn": retry_btn, "undo_btn": undo_btn, "clear_btn": clear_btn}
        self._warn_of_unused(textbox, {**inside, "autofocus": autofocus})
        with self:
            self.asked = State(NOTHING)
            chat_layout.header(self, title)
            self.history = History(self._id) if save_history else None
            self.chatbot = chat_layout.conversation(self, chatbot)
            self.retry_btn, self.undo_btn, self.clear_btn = chat_layout.row_of_buttons(below)
            self.offers_retry, self.offers_undo = retry_btn is True, undo_btn is True
            self.textbox, self.submit_btn, self.stop_btn = chat_layout.field(self, textbox, inside)
            self.stops_in_field, self.textbox.stop_btn = self.textbox.stop_btn, False
            self.fake_api_btn = Button("Fake API", visible=False)
            self.api_response = AnyData(label="Response", visible=False)
            self.chatbot_state = State(None)
            reader = Reader(self.chatbot, self._takes_pairs(any(each is not True for each in below.values())))
            dialogue = Dialogue(self, reader)
            self.examples_handler = chat_examples.declare(self, reader)
            chat_layout.additional(self)
            self._listening = chat_listening.listen(self, dialogue, reader, self.examples_handler)

    @property
    def chatbot_value(self) -> State:
        """The conversation for listeners of one's own: an input has it after each answer, an output sets it."""
        if self._value is None:
            with self._root if isinstance(self._root, Blocks) else self:
                self._value = State(None)
                chat_listening.follow(self, self._value, self._listening)
        return self._value

    def _takes_pairs(self, old_names: bool) -> bool:
        """Whether the function gets the conversation in pairs; `old_names` tells whether Gradio 4's names are used."""
        if self.chatbot.type is not None:
            return bool(self.chatbot.type == "tuples")
        value = self.chatbot.value
        if isinstance(value, list | tuple) and value:
            return not isinstance(value[0], Mapping) and not hasattr(value[0], "role")
        known = chat_format.takes_pairs(self.fn)
        if known is None:
            return old_names or any(self._given.get(name) is not None for name in _OLD)
        return known

    def _warn_of_unused(self, textbox: Any, options: dict[str, Any]) -> None:
        chosen = getattr(textbox, "_given", {})
        unused = [name for name, value in options.items() if value is not True and not isinstance(value, Button)]
        unused = [name for name in unused if name in chosen and chosen[name] != options[name]]
        if unused:
            names = ", ".join(f"`{name}`" for name in unused)
            warn(
                f"ChatInterface: {names} have no effect beside a textbox of one's own; give them to that.",
            )


def _checked_format(given: Any, fn: Any) -> Any:
    if not callable(fn):
        raise DeclarationError(f"ChatInterface takes the function that answers, not {fn!r}.")
    if given not in _FORMATS:
        raise DeclarationError(f"ChatInterface: type is 'messages', 'tuples' or None, not {given!r}.")
    return given
