"""HTML: a piece of hand-written page, which may be a small component of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, ClassVar, Unpack

from blocks_app.components.framed import CornerOptions, FramedComponent, HeightOptions
from blocks_app.components.html_server import Served, serve
from blocks_app.components.html_template import compile_template
from blocks_app.components.validation import refusal, shown
from blocks_app.exceptions import DeclarationError, UnknownOptionError
from blocks_app.listeners.events import Events
from blocks_app.listeners.listener import BoundEvent, EventListener
from blocks_app.options import FrameOptions
from blocks_app.page.generated_files import add_scripts, digest
from blocks_app.page.media_policy import note_media
from blocks_app.tree import context
from blocks_app.tree.block import Block
from blocks_app.tree.component import Component
from blocks_app.tree.iterables import several

VALUE = "${value}"
ON_CLICK = "element.addEventListener('click', () => trigger('click'))"

#: What is made into files with the page, and cannot change while it is used.
_FIXED = ("html_template", "css_template", "js_on_load", "head", "server_functions")
_ELSEWHERE = ("unload", "preview_open", "preview_close", "double_click")


def _any_event() -> list[EventListener]:
    return [each for name, each in vars(Events).items() if isinstance(each, EventListener) and name not in _ELSEWHERE]


class HTMLOptions(FrameOptions, CornerOptions, HeightOptions, total=False):
    """What an HTML takes besides."""


class HTML(FramedComponent):
    """HTML as it is, or drawn by a template from properties of your own, with styles and a script for it alone.

    Scripts inside the HTML do not run; `js_on_load` does. Put none of a visitor's text into it without `html.escape`,
    or write `{{name}}` in the template, which escapes. Any event can be listened to, also one that only your script
    raises with `trigger("name", data)`.
    """

    events = (*_any_event(), Events.double_click)
    defaults = {"container": False}
    default_min_width: ClassVar[int | None] = None
    takes_any: ClassVar[bool] = True
    private_options: ClassVar[frozenset[str]] = Component.private_options | set(_FIXED)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        cls.wire_name = HTML.wire_name  # a class of its own in Python is no other element in the page
        super().__init_subclass__(**kwargs)

    def __init__(
        self,
        value: Any = None,
        *,
        html_template: str = VALUE,
        css_template: str = "",
        js_on_load: str | None = ON_CLICK,
        apply_default_css: bool = True,
        padding: bool = False,
        autoscroll: bool = False,
        head: str | None = None,
        server_functions: Sequence[Callable[..., Any]] | None = None,
        **options: Unpack[HTMLOptions],
    ) -> None:
        """Declare a piece of HTML.

        Args:
            value: the HTML, or a function that makes it; with a template of your own any JSON data.
            html_template: what is drawn: `${…}` holds JavaScript with the properties as names, `{{name}}`, `{{#each}}`
                and `{{#if}}` are those of Handlebars. `value` and what else you give by name are the properties.
            css_template: styles, written the same way. They hold inside this component only; what stands in no rule is
                for its root.
            js_on_load: the inside of a JavaScript function that runs once, with `element` (the root), `trigger(name,
                data)`, `props` (read, or set to draw anew), `server` (see server_functions), `upload(file)` and
                `watch(names, callback)`, which tells of changes by the app. Unless given, a click raises `click`.
            apply_default_css: whether it has the styles of written text.
            padding: whether there is space around it.
            autoscroll: whether it scrolls to its end when the app changes it, unless the visitor scrolled up.
            head: HTML for the head of the page, such as a script of a library; what several ask for comes once.
            server_functions: functions that `js_on_load` may call: `await server.name(…)`. They get JSON data, and
                gr.Request where they ask for it.
            options: see HTMLOptions; and properties for the templates, under any other name that they use.

        Raises:
            DeclarationError: a template that is not understood.
            UnknownOptionError: a name that neither this component nor one of its templates knows.
        """
        self.html_template, self.css_template, self.js_on_load = html_template, css_template, js_on_load
        self.apply_default_css = apply_default_css
        self.head = head
        self.padding = padding
        self.autoscroll = autoscroll
        self.server_functions = _functions(server_functions)
        container = options.pop("container", False)
        own = {name: given for name, given in options.items() if name not in HTMLOptions.__optional_keys__}
        #: The properties of the templates besides the value.
        self.extra: dict[str, Any] = {name: self._used(name, given) for name, given in own.items()}
        self._scripts = self._compile()
        self._served: Served | None = None
        super().__init__(value, **{name: options[name] for name in options.keys() - own.keys()})  # type: ignore[literal-required]
        self.container = container

    def __getattr__(self, name: str) -> Any:
        """An event that only the script of this component knows."""
        script = self.__dict__.get("js_on_load") or ""
        if re.search(rf"""(['"`]){re.escape(name)}\1""", script):
            return BoundEvent(self, EventListener(name))
        raise AttributeError(
            f"{type(self).__name__} has no {name!r}. Name an event of its own in js_on_load: trigger({name!r})."
        )

    def preprocess(self, payload: Any) -> Any:
        """The value as it was shown: text, or the data of a template."""
        if self.is_plain and isinstance(payload, (list, dict)):
            raise refusal(self, f"a text is needed, not {shown(payload)}.")
        return payload

    def postprocess(self, value: Any) -> Any:
        """Texts and numbers unchanged; an object by its `__html__`, else as text; data for a template as it is."""
        note_media(value)
        if value is None or isinstance(value, (str, int, float)) or not (self.is_plain or hasattr(value, "__html__")):
            return value
        marked_up: Callable[[], Any] | None = getattr(value, "__html__", None)
        return str(marked_up() if marked_up is not None else value)

    def api_info(self) -> dict[str, Any]:
        return {"type": "string"}

    def example_value(self) -> Any:
        return "<p>Hello</p>"

    @property
    def is_plain(self) -> bool:
        """Whether the value is drawn as it is, without a template or a script."""
        return not self._scripts

    def scripts(self) -> list[str]:
        """The functions of its templates and its script, as JavaScript; the page serves each as a file."""
        return list(self._scripts.values())

    def head_html(self) -> str | None:
        """What `head` says."""
        return self.head

    def render(self) -> Block:
        """Place it here, with its server functions. Returns the component."""
        placed = super().render()
        root = context.root.get()
        page: Any = getattr(root, "page", root)
        if page is not root and self._scripts:  # made by gr.render: the page's files are there already
            add_scripts(page, self.scripts())
        if root is not None and self.server_functions and self._served is None:
            self._served = serve(self.server_functions)
        return placed

    def copy_with(self, changes: dict[str, Any]) -> Block:
        """As for any block; what became files with the page cannot change.

        Raises:
            DeclarationError: `changes` names a template, the script, `head` or the server functions.
        """
        for name in _FIXED:
            if name in changes and changes[name] != getattr(self, name):
                raise DeclarationError(
                    f"{self.described}: {name} cannot change while the page is used. Write what shall change as a "
                    "property of the template, and update that."
                )
        return super().copy_with(changes)

    def known_options(self) -> frozenset[str]:
        """Those of every HTML, and the properties of this one's templates."""
        return super().known_options() | self.extra.keys()

    def acts_unseen(self) -> bool:
        """A script of its own runs in any case."""
        return "js" in self._scripts

    def props(self) -> dict[str, Any]:
        """The options, the properties of the templates, and where their scripts are."""
        shown = {**super().props(), **{name: given for name, given in self.extra.items() if given is not None}}
        if self._scripts:
            shown["_scripts"] = {kind: digest(text) for kind, text in self._scripts.items()}
        if self.extra:
            shown["_names"] = sorted(self.extra)
        if self._served is not None:
            shown["_server"] = self._served.numbers()
        if self.js_on_load != ON_CLICK:
            shown["_clicks"] = False
        return shown

    def _compile(self) -> dict[str, str]:
        made: dict[str, str] = {}
        if self.html_template != VALUE:
            made["html"] = compile_template("html_template", self.html_template)
        if self.css_template.strip():
            made["css"] = compile_template("css_template", self.css_template)
        if self.js_on_load and self.js_on_load != ON_CLICK:
            parameters = "element, trigger, props, server, upload, watch"
            made["js"] = f"(async function ({parameters}) {{\n{self.js_on_load}\n}})"
        return made

    def _used(self, name: str, given: Any) -> Any:
        if not re.search(rf"\b{re.escape(name)}\b", f"{self.html_template} {self.css_template} {self.js_on_load}"):
            raise UnknownOptionError(
                f"{type(self).__name__}() got an unexpected keyword argument {name!r}: it is no option of gr.HTML, and "
                "none of its templates uses it."
            )
        return given


def _functions(given: Sequence[Callable[..., Any]] | None) -> list[Callable[..., Any]] | None:
    functions = several(given)
    for function in functions:
        if not callable(function):
            raise DeclarationError(f"HTML: server_functions is a list of functions, not {function!r}.")
    return functions or None
