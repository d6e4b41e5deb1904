"""What stands on the page of a ChatInterface, and where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from blocks_app.components import Button, Chatbot, Dataset, Markdown, MultimodalTextbox, Textbox
from blocks_app.exceptions import DeclarationError
from blocks_app.i18n import gettext_lazy
from blocks_app.interfaces.chat_page import ChatPage
from blocks_app.layouts import Accordion, Row
from blocks_app.tree.component import Component
from blocks_app.tree.iterables import several

_PLACEHOLDER = gettext_lazy("Type a message...")


def inputs(given: Any) -> list[Component]:
    """The components of `additional_inputs`, of which some may stand nowhere yet."""
    return [Dataset(components=[each], render=False).components[0] for each in several(given)]


def accordion_options(given: Any) -> dict[str, Any]:
    """What the Accordion of the additional inputs is made with."""
    if given is None:
        return {"label": gettext_lazy("Additional Inputs"), "open": False}
    if isinstance(given, str):
        return {"label": given}
    if isinstance(given, Accordion):
        options = {name: getattr(given, name) for name in ("label", "open", "visible", "elem_id", "elem_classes")}
        given.unrender()
        return options
    raise DeclarationError(f"additional_inputs_accordion is a text or a gr.Accordion, not {given!r}.")


def cache_options(cache: Any, mode: Any) -> tuple[bool | None, Any]:
    """Whether answers to examples are kept, and when they are made."""
    return (None if cache is None else bool(cache)), ("lazy" if cache == "lazy" else mode)


def example_messages(chat: ChatPage, labels: Sequence[str] | None, icons: Sequence[str] | None) -> list[dict[str, Any]]:
    """The examples as a Chatbot offers them."""
    made: list[dict[str, Any]] = []
    for number, example in enumerate(chat.examples or ()):
        if chat.additional_inputs and not isinstance(example, list | tuple):
            raise DeclarationError("Examples must be a list of lists when additional inputs are provided.")
        message = example[0] if isinstance(example, list | tuple) else example
        if not isinstance(message, str | Mapping):
            raise DeclarationError(f'An example is a text or {{"text": …, "files": […]}}, not {message!r}.')
        text = {"text": message} if isinstance(message, str) else {"text": message.get("text", "")}
        files = message.get("files") if isinstance(message, Mapping) else None
        entry: dict[str, Any] = {**text, **({"files": list(files)} if files else {})}
        if labels:
            entry["display_text"] = labels[number]
        if icons:
            entry["icon"] = icons[number]
        made.append(entry)
    return made


def examples_below(chat: ChatPage) -> bool:
    """Whether the examples stand below the conversation: where they have values for other inputs, as in Gradio 4."""
    rows = [each for each in chat.examples or () if isinstance(each, list | tuple)]
    return chat.examples_per_page is not None or any(value is not None for row in rows for value in row[1:])


def header(chat: ChatPage, title: str | None) -> None:
    """Title and description."""
    if title:
        Markdown(f"<h1 style='text-align: center; margin-bottom: 1rem'>{title}</h1>")
    if chat.description:
        Markdown(chat.description)


def conversation(chat: ChatPage, given: Chatbot | None) -> Chatbot:
    """The Chatbot: the app's own, or one made here."""
    examples: Any = None if examples_below(chat) else chat.example_messages or None
    if given is None:
        return Chatbot(
            label=gettext_lazy("Chatbot"),
            type=chat.type,
            scale=1,
            height=400 if chat.fill_height else None,
            autoscroll=chat.autoscroll,
            editable="user" if chat.editable else None,
            show_copy_button=True,
            examples=examples,
        )
    if not isinstance(given, Chatbot):
        raise DeclarationError(f"ChatInterface: chatbot is a gr.Chatbot, not {given!r}.")
    changes: dict[str, Any] = {}
    if chat.type is not None and given.type is None:
        changes["type"] = chat.type
    if chat.editable and given.editable is None:
        changes["editable"] = "user"
    if examples is not None:
        changes["examples"] = examples
    for name, value in changes.items():
        setattr(given, name, value)
    placed = _placed(given)
    assert isinstance(placed, Chatbot)
    return placed


def row_of_buttons(given: Mapping[str, Any]) -> list[Button | None]:
    """Those of retry, undo and clear that are buttons of their own, below the conversation."""
    if not any(isinstance(each, str | Button) for each in given.values()):
        for name, each in given.items():
            _check_button(name, each)
        return [None] * len(given)
    with Row():
        return [
            _button(name, each, variant="secondary", size="sm", min_width=60) if each is not True else None
            for name, each in given.items()
        ]


def field(
    chat: ChatPage, given: Textbox | MultimodalTextbox | None, buttons: Mapping[str, Any]
) -> tuple[Textbox | MultimodalTextbox, Button | None, Button | None]:
    """The field for messages, and a submit and a stop button that stand beside it."""
    beside: list[Button | None] = []
    inside = {name: each for name, each in buttons.items() if not isinstance(each, Button)}
    for name, each in inside.items():
        _check_button(name, each)
    with Row():
        if given is None:
            kind: Any = MultimodalTextbox if chat.multimodal else Textbox
            textbox = kind(
                label="Message",
                show_label=False,
                placeholder=_PLACEHOLDER,
                scale=7,
                autofocus=chat.autofocus,
                submit_btn=inside.get("submit_btn") or False,
                stop_btn=inside.get("stop_btn") or False,
            )
        elif isinstance(given, Textbox | MultimodalTextbox):
            given.show_label = False
            for name, value in {**inside, "autofocus": chat.autofocus}.items():
                if name not in given._given:
                    setattr(given, name, value or False)
            textbox = _placed(given)
        else:
            raise DeclarationError(f"Expected a gr.Textbox or gr.MultimodalTextbox component, but got {type(given)}")
        for name in ("submit_btn", "stop_btn"):
            if isinstance(buttons[name], Button):
                button: Button | None = _button(name, buttons[name])
                assert button is not None
                if name == "stop_btn":
                    button.visible = False
                beside.append(button)
            else:
                beside.append(None)
    return textbox, beside[0], beside[1]


def additional(chat: ChatPage) -> None:
    """The additional inputs that stand nowhere yet."""
    loose = [each for each in chat.additional_inputs if not each.is_rendered]
    if loose:
        with Accordion(**chat.accordion):
            for each in loose:
                each.render()


def _placed(given: Component) -> Component:
    """A component of the app's own, here and nowhere else."""
    if given.is_rendered:
        given.unrender()
    placed = given.render()
    assert isinstance(placed, Component)
    return placed


def _check_button(name: str, given: Any) -> None:
    if not isinstance(given, str | bool | Button | None):
        raise DeclarationError(
            f"All the _btn parameters must be a gr.Button, string, bool or None; {name} is {given!r}."
        )


def _button(name: str, given: Any, **options: Any) -> Button | None:
    """A button of its own: the app's, or one with this text."""
    _check_button(name, given)
    if isinstance(given, Button):
        placed = _placed(given)
        assert isinstance(placed, Button)
        return placed
    return Button(given, **options) if isinstance(given, str) and given else None
