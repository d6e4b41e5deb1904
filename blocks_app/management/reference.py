"""The reference in docs/reference/, written from signatures and docstrings: what is said once is read there."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypedDict

import blocks_app as gr
from blocks_app import options
from blocks_app.declaration.declared_page import DeclaredPage
from blocks_app.launch_options import LaunchOptions
from blocks_app.listeners.event_data import EventData
from blocks_app.listeners.events import Events
from blocks_app.listeners.listener import BoundEvent, EventListener, Listener
from blocks_app.tree.block import Block
from blocks_app.tree.container import Container

NOTE = "<!-- Written by `manage.py blocks_reference` from the sources; do not edit. -->\n"
#: What other rooms of ours ask of a Blocks, and nobody else.
INTERNAL = {
    "adopt", "add_dependency", "free_api_name", "function_key", "listened_states", "next_fn_id", "next_id",
    "number_for", "page", "rendering_number", "startup_events",
}  # fmt: skip
SHARED = (
    options.BlockOptions, options.PlacedOptions, options.ComponentOptions, options.FrameOptions, options.FieldOptions,
    options.FormOptions,
)  # fmt: skip
_ITEM = re.compile(r"^(\w+(?:, \w+)*): +(\S.*)$")
_SECTION = re.compile(r"^(Args|Attributes|Raises|Returns|Warns|Yields|Events?):\s*$")


@dataclass
class OptionRow:
    """One parameter: its name, its default as written, and its sentence (empty when there is none)."""

    name: str
    default: str
    text: str


def pages() -> dict[str, str]:
    """The pages by file name."""
    shown = {name: getattr(gr, name) for name in sorted(gr.__all__, key=str.lower)}
    groups: dict[str, dict[str, Any]] = {}
    for name, what in shown.items():
        groups.setdefault(_group(name, what), {})[name] = what
    titles = {
        "components": ("Components", "\n\n".join(_shared_options())),
        "layouts": ("Layouts", "Use one with `with gr.Row():`, and declare inside what stands in it."),
        "blocks": ("Blocks and launch()", "A page, and what one does with it."),
        "listeners": ("Events and listeners", "\n\n".join(_listeners())),
        "helpers": ("What functions may use", "Names for use inside functions, and others."),
    }
    made = {}
    for group, (title, intro) in titles.items():
        sections = [_section(name, what) for name, what in groups[group].items()]
        if group == "blocks":
            sections.append(_launch())
        made[f"{group}.md"] = "\n\n".join([f"{NOTE}\n# {title}", intro, *sections]) + "\n"
    made["README.md"] = f"{NOTE}\n# Reference\n\nEvery public name of `import blocks_app as gr`.\n\n"
    for group, (title, _) in titles.items():
        made["README.md"] += f"- [{title}]({group}.md): {', '.join(f'`{name}`' for name in groups[group])}\n"
    return made


def rows_of(what: Any) -> list[OptionRow]:
    """The parameters that a class or function names itself, with their sentences."""
    sentences = described(what)
    try:
        signature = inspect.signature(what.__init__ if inspect.isclass(what) else what)
    except (TypeError, ValueError):
        return []
    variable = (inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL)
    return [
        OptionRow(parameter.name, _default(parameter), _sentence(sentences.get(parameter.name, "")))
        for parameter in signature.parameters.values()
        if parameter.name not in ("self", "cls") and parameter.kind not in variable
    ]


def shared_rows(options: Any) -> list[OptionRow]:
    """The keys that a TypedDict adds, with the sentence below each."""
    found: list[OptionRow] = []
    for node in _source(options).body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            found.append(OptionRow(node.target.id, "", ""))
        elif found and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            found[-1].text = _sentence(_one_line(str(node.value.value)))
    return found


def _source(typed: Any) -> ast.ClassDef:
    tree = ast.parse(textwrap.dedent(inspect.getsource(typed))).body[0]
    assert isinstance(tree, ast.ClassDef)
    return tree


def unpacked(what: Any) -> Any:
    """The TypedDict whose keys a class or function takes besides; None when there is none."""
    function = inspect.unwrap(what.__init__ if inspect.isclass(what) else what)
    for parameter in inspect.signature(function).parameters.values():
        if parameter.kind is inspect.Parameter.VAR_KEYWORD:
            hint = parameter.annotation
            if isinstance(hint, str):
                hint = eval(hint, function.__globals__) if hint.startswith("Unpack[") else None  # noqa: S307 - our source
            return getattr(hint, "__args__", (None,))[0]
    return None


def described(what: Any) -> dict[str, str]:
    """Sentences by parameter, from the sections of the docstrings of a class, its bases and their constructors."""
    owners = [owner for owner in what.__mro__ if owner is not object] if inspect.isclass(what) else [what]
    texts = [text for owner in reversed(owners) for text in (owner.__doc__, _constructor(owner)) if text]
    return {name: text for each in texts for name, text in _items(inspect.cleandoc(each))}


def _constructor(owner: Any) -> str | None:
    init = vars(owner).get("__init__") if inspect.isclass(owner) else None
    return inspect.unwrap(init).__doc__ if init is not None and inspect.isfunction(inspect.unwrap(init)) else None


def _items(doc: str) -> Iterator[tuple[str, str]]:
    inside, names, text = False, "", ""
    for line in [*doc.splitlines(), "end"]:
        if section := _SECTION.match(line):
            inside = section[1] in ("Args", "Attributes")
            continue
        item = _ITEM.match(line[4:]) if line.startswith("    ") else None
        if item or not line.startswith("     "):
            yield from ((name, _one_line(text)) for name in names.split(", ") if names)
            names, text = (item[1], item[2]) if inside and item else ("", "")
            inside = inside and (line.startswith(" ") or not line)
        else:
            text += " " + line.strip()


def _group(name: str, what: Any) -> str:
    if (inspect.isclass(what) and issubclass(what, gr.Blocks)) or name in ("close_all", "mount_gradio_app"):
        return "blocks"
    if inspect.isclass(what) and issubclass(what, Container):
        return "layouts"
    if inspect.isclass(what) and issubclass(what, gr.Component):
        return "components"
    if (inspect.isclass(what) and issubclass(what, (EventData, Events))) or name in ("on", "render", "validate"):
        return "listeners"
    return "helpers"


def _section(name: str, what: Any) -> str:
    parts = [f"## {name}"]
    real = getattr(what, "__name__", name)
    if not callable(what):
        return "\n\n".join([*parts, _value(name, what)])
    if real != name:
        other_name = (
            f"[`{real}`](#{real.lower()})" if real in gr.__all__ else f"`{what.__module__.split('.')[-2]}.{real}`"
        )
        return "\n\n".join([*parts, f"Another name of {other_name}."])
    is_block = inspect.isclass(what) and issubclass(what, Block)
    parts += [_prose(what.__doc__), "" if is_block else _prose(_constructor(what)), _table(rows_of(what))]
    other = unpacked(what) if (inspect.isclass(what) and issubclass(what, Block)) or name == "on" else None
    if name == "on" and other is not None:
        parts.append(f"And the options of [`{other.__name__}`](listeners.md#options-of-listeners).")
    elif other is not None:
        parts += [_table(list(picked_rows(other))), _rest_of(what, other)]
    if is_block and what.events:
        parts.append("Events: " + ", ".join(f"`{event.name}`" for event in what.events) + ".")
    if inspect.isclass(what) and issubclass(what, gr.Component):
        parts += [
            f"*A function gets:* {_first(what, 'preprocess')}",
            f"*A function returns:* {_first(what, 'postprocess')}",
        ]
    if inspect.isclass(what):
        parts += list(_methods(what))
    return "\n\n".join(part for part in parts if part)


def picked_rows(typed: Any) -> Iterator[OptionRow]:
    """What a class takes of options that not all share."""
    if typed in SHARED:
        return
    yield from shared_rows(typed)
    for base in _source(typed).bases:  # at run time a TypedDict has none
        if (above := vars(importlib.import_module(typed.__module__))[ast.unparse(base)]) is not TypedDict:
            yield from picked_rows(above)


def _rest_of(what: Any, typed: Any) -> str:
    """Which of the shared sets it takes, and where it has other defaults."""
    shared = next(each for each in reversed(SHARED) if each.__annotations__.keys() <= typed.__annotations__.keys())
    own = {name: value for name, value in getattr(what, "defaults", {}).items() if name in typed.__annotations__}
    unless = ", ".join(f"`{name}={value!r}`" for name, value in own.items())
    text = f"And the options of [`{shared.__name__}`](components.md#options-that-components-share)"
    return f"{text}; here {unless} unless given." if unless else f"{text}."


def unexplained(what: Any) -> list[str]:
    """Parameters of a public class or function, and of its methods, that no sentence tells of."""
    found = [
        row.name
        for row in rows_of(what)
        if not row.text and not any(f"`{row.name}" in (doc or "") for doc in _docs(what))
    ]
    for name, function in _public_methods(what) if inspect.isclass(what) else ():
        inherited = {
            row.name
            for owner in what.__mro__[1:]
            if (base := vars(owner).get(function.__name__)) is not None
            for row in rows_of(base)
            if row.text
        }
        found += [
            f"{name}.{row.name}"
            for row in rows_of(function)
            if not row.text and row.name not in inherited and f"`{row.name}`" not in function.__doc__
        ]
    return found


def _docs(what: Any) -> list[str | None]:
    return [owner.__doc__ for owner in what.__mro__] if inspect.isclass(what) else [what.__doc__]


def _public_methods(what: Any) -> Iterator[tuple[str, Any]]:
    """Its own methods and properties by name, with what their docstring and parameters are read from."""
    if issubclass(what, gr.Component):
        return
    for name, member in {**(vars(DeclaredPage) if what is gr.Blocks else {}), **vars(what)}.items():
        function = member.fget if isinstance(member, property) else getattr(member, "__func__", member)
        if not name.startswith("_") and name not in INTERNAL and inspect.isfunction(function) and function.__doc__:
            yield f"{name}{'' if isinstance(member, property) else '()'}", function


def _methods(what: Any) -> Iterator[str]:
    for name, function in _public_methods(what):
        parts = (f"### {what.__name__}.{name}", _prose(function.__doc__), _table(rows_of(function)))
        yield "\n\n".join(part for part in parts if part)


def _value(name: str, what: Any) -> str:
    if inspect.ismodule(what):
        first = _prose(what.__doc__).splitlines()[0]
        return f"{first}\n\n" + "\n".join(f"- `{each}`" for each in getattr(what, "__all__", ()))
    kinds = {"NO_RELOAD": "True: this program was not started anew by a reloader.", "IS_WASM": "Always False."}
    return kinds.get(name, f"`{what!r}`")


def _shared_options() -> Iterator[str]:
    yield "Every option that several components take is told here once; each component names the set that it takes."
    yield "## Options that components share"
    for each in SHARED:
        above = [base.__name__ for base in SHARED if base.__annotations__.keys() < each.__annotations__.keys()]
        more = f" And those of `{above[-1]}`." if above else ""
        yield f"### {each.__name__}\n\n{_prose(each.__doc__)}{more}\n\n{_table(shared_rows(each))}"


def _listeners() -> Iterator[str]:
    yield _prose(BoundEvent.__call__.__doc__)
    yield _table(rows_of(BoundEvent.__call__))
    yield f"## Options of listeners\n\n{_table(shared_rows(options.ListenOptions))}"
    yield "## What a listening call returns"
    yield from _methods(Listener)
    names = ", ".join(f"`{name}`" for name, each in vars(Events).items() if isinstance(each, EventListener))
    yield f"## Names of events\n\n{names}.\n\nEach component and layout says which of them it has."


def _launch() -> str:
    launch = importlib.import_module("queue_app.server.launching").launch  # by name: this app knows no queue
    arguments = importlib.import_module("queue_app.server.launch_options").LaunchArguments
    sentences = {row.name: row.text for row in shared_rows(LaunchOptions)}
    rows = [OptionRow(row.name, row.default, sentences[row.name]) for row in rows_of(arguments)]
    return f"## launch()\n\n{_prose(launch.__doc__)}\n\n{_table(rows)}"


def _table(rows: list[OptionRow]) -> str:
    if not any(row.text for row in rows):
        return ""  # there are none, or the prose names them
    defaults = any(row.default for row in rows)
    head = "| parameter | default | |\n|---|---|---|" if defaults else "| option | |\n|---|---|"
    lines = []
    for row in rows:
        default = f" {row.default} |" if defaults else ""
        lines.append(f"| `{row.name}` |{default} {row.text.replace('|', chr(92) + '|')} |")
    return "\n".join([head, *lines])


def _default(parameter: inspect.Parameter) -> str:
    if parameter.default is inspect.Parameter.empty:
        return "*needed*"
    shown = repr(parameter.default)
    return f"`{shown}`".replace("|", "\\|") if " at 0x" not in shown else "…"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _prose(doc: str | None) -> str:
    """A docstring without its sections, sentences of one paragraph in one line."""
    kept: list[str] = []
    inside = False
    for line in inspect.cleandoc(doc or "").splitlines():
        inside = bool(_SECTION.match(line)) or (inside and (not line or line.startswith(" ")))
        if not inside:
            kept.append(line)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def _first(component: type[gr.Component], method: str) -> str:
    """What the docstring of pre- or postprocess says first; the value as it is where there is none of its own."""
    own = getattr(component, method)
    if own is getattr(gr.Component, method) or not own.__doc__:
        return "the value."
    return _one_line(_prose(own.__doc__).split("\n\n")[0])


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
