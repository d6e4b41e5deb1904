"""What stands on the two sides of a model app: the list with its search and pages, and the form with its buttons."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy

from blocks_app.components import JSON, Button, Dataframe, Dropdown, Markdown, Number, Textbox
from blocks_app.forms.inputs import FormInputs
from blocks_app.forms.listening import Heading
from blocks_app.forms.rows import RowList
from blocks_app.layouts import Group, Row
from blocks_app.tree.block import Block

_: Callable[[str], Any] = gettext_lazy  # buttons and labels take texts that are translated when they are shown


class ListPanel:
    """The list.

    Attributes:
        words, order: what is looked for, and by what it is ordered.
        table: the rows of a page.
        keys, chosen: their primary keys, as texts, and the one that was clicked last.
        page, first: number of the page that is shown, and of the first.
        place: where that is among all, in words.
        previous, following: buttons.
    """

    def __init__(self, rows: RowList) -> None:
        with Row(visible=bool(rows.searches or rows.orders)):
            self.words = Textbox(
                label=_("Search"), visible=bool(rows.searches), scale=2, max_length=200, html_attributes=_SEARCH
            )
            self.order = Dropdown(
                [(_("As they come"), ""), *rows.orders], value="", label=_("Order"), visible=bool(rows.orders), scale=1
            )
        self.table = Dataframe(
            headers=rows.headers,
            datatype=rows.kinds,  # type: ignore[arg-type]
            type="array",
            interactive=False,
            row_count=(0, "fixed"),
            col_count=(len(rows.headers), "fixed"),
            label=_("Rows"),
            show_label=False,
        )
        self.keys = JSON(visible=False, label="Keys")
        self.chosen = Textbox("", visible=False, label="Key")
        self.page = Number(1, precision=0, visible=False, label="Page")
        self.first = Number(1, precision=0, visible=False, label="Page")
        self.place = Markdown()
        with Row():
            self.previous = Button(_("Previous"), size="sm", interactive=False)
            self.following = Button(_("Next"), size="sm", interactive=False)

    @property
    def state(self) -> list[Block]:
        """What says which page it is."""
        return [self.words, self.order, self.page]

    @property
    def shown(self) -> list[Block]:
        """What shows a page."""
        return [self.table, self.keys, self.page, self.place, self.previous, self.following]


class FormPanel:
    """The form of one row.

    Attributes:
        heading: which row it is; what is wrong as a whole stands there.
        pk, version: hidden: its primary key, "" for a new one, and how it was when it was opened.
        inputs: those of the form.
        message: hidden: what was said last.
        save, new, delete: buttons.
        actions: (button, function) pairs.
        question, sure, keep: what is asked before a row is deleted, and the answers.
        asking: what holds these.
    """

    def __init__(self, model: Any, inputs: Callable[[], FormInputs], actions: Sequence[Callable[..., Any]]) -> None:
        self.heading = Heading()
        self.pk = Textbox("", visible=False, label="Key")
        self.version = Textbox("", visible=False, label="Version")
        self.inputs = inputs()
        self.message = Textbox(visible=False, label="Message")
        with Row():
            self.save = Button(_("Save"), variant="primary", interactive=False, min_width=80)
            self.new = Button(_("New"), interactive=False, min_width=80)
            self.delete = Button(_("Delete"), visible=False, min_width=80)
        with Row(visible=bool(actions)):
            self.actions = [(Button(_title(each), size="sm", interactive=False), each) for each in actions]
        with Group(visible=False) as self.asking:
            self.question = Markdown(container=True)
            with Row():
                self.sure = Button(_("Yes, delete"), variant="stop")
                self.keep = Button(_("Keep"))

    @property
    def shown(self) -> list[Block]:
        """What shows a row."""
        buttons = [self.save, self.new, self.delete, *[button for button, _action in self.actions]]
        return [self.heading, self.pk, self.version, *self.inputs.components, *buttons, self.asking]


_SEARCH = {"enterkeyhint": "search", "autocomplete": "off"}


def _title(action: Callable[..., Any]) -> str:
    named = getattr(action, "short_description", None) or getattr(action, "__name__", "action").replace("_", " ")
    return str(capfirst(str(named).strip()))
