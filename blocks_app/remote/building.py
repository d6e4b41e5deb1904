"""From the config of an app elsewhere to components and layouts of this one."""

from __future__ import annotations

import inspect
from typing import Any

from blocks_app import components, layouts
from blocks_app.diagnostics.mistakes import warn
from blocks_app.remote.dialects import Dialect, dialect_of
from blocks_app.remote.wire_files import FirstFiles
from blocks_app.tree.block import Block, option_names
from blocks_app.tree.component import Component
from blocks_app.tree.container import Container

#: Components whose first value is written in a declaration as it is on the wire.
_PLAIN = frozenset((
    "textbox", "number", "slider", "checkbox", "checkboxgroup", "radio", "dropdown", "button", "markdown", "html",
    "code", "colorpicker", "datetime", "timer",
))  # fmt: skip
#: Options that are not taken over: what only makes sense there, scripts, and what opens a page to another's markup.
_NOT_TAKEN = frozenset((
    "value", "name", "render", "key", "preserved_by_key", "every", "inputs", "load_fn", "proxy_url", "component_props",
    "components", "samples", "js", "js_on_load", "head", "css_paths", "sanitize_html", "delete_callback",
    "time_to_live", "server_functions", "watch",
))  # fmt: skip
#: Options that every component has, and what samples need.
_FEW = ("label", "visible", "elem_id", "components", "samples")
#: Options that are records, and their classes.
_RECORDS: dict[str, type[Any]] = {
    "brush": components.Brush,
    "eraser": components.Eraser,
    "layers": components.LayerOptions,
    "waveform_options": components.WaveformOptions,
    "watermark": components.WatermarkOptions,
    "webcam_options": components.WebcamOptions,
}
#: Frames that are put around fields by themselves.
_FRAMES = frozenset(("form",))


def block_classes() -> dict[str, type[Block]]:
    """Our classes by the names that configs have for them."""
    found: dict[str, type[Block]] = {}
    for module in (components, layouts):
        for name in module.__all__:
            cls = getattr(module, name)
            if isinstance(cls, type) and issubclass(cls, Block) and not cls.is_template:
                found.setdefault(cls.wire_name, cls)
    return found


class Builder:
    """Builds what a config tells of, where the declaration stands.

    Attributes:
        made: the block here for each number there.
        dialects: how the app has the values of some of them.
    """

    def __init__(self, config: dict[str, Any], files: FirstFiles) -> None:
        self._config = config
        self._entries = {each["id"]: each for each in config["components"]}
        self._classes = block_classes()
        self._files = files
        self.made: dict[int, Block] = {}
        self.dialects: dict[Block, Dialect] = {}

    def build(self, nodes: list[dict[str, Any]]) -> None:
        """Make what stands in a layout, and what stands in that."""
        for node in nodes:
            entry = self._entries.get(node["id"])
            below = node.get("children") or []
            if entry is None or entry.get("type") in _FRAMES:
                self.build(below)
                continue
            block = self._block(entry, bool(node.get("children")))
            self.made[node["id"]] = block
            if isinstance(block, Container):
                with block:
                    self.build(below)
            else:
                self.build(below)

    def _block(self, entry: dict[str, Any], has_children: bool) -> Block:
        kind, props = str(entry.get("type")), dict(entry.get("props") or {})
        cls = self._classes.get(kind)
        if kind == "state":
            return components.State()
        if kind == "nativeplot":
            cls = _native_plot(props)
        if cls is None:
            return self._unknown(kind, props, has_children)
        options = self._options(cls, props)
        if kind == "dataset":
            options |= self._samples(props)
        wire, dialect = props.get("value"), dialect_of(kind, props, self._config)
        if dialect is not None and wire is not None:
            wire = dialect.shown(wire)
        if kind in _PLAIN and wire is not None:
            options["value"] = wire
        block = _made(cls, options)
        if dialect is not None:
            self.dialects[block] = dialect
        if isinstance(block, Component) and kind not in _PLAIN and kind != "dataset" and wire is not None:
            vars(block)["initial_value"] = self._files.first_value(block, wire)
        return block

    def _options(self, cls: type[Block], props: dict[str, Any]) -> dict[str, Any]:
        known = option_names(cls) - cls.private_options - _NOT_TAKEN
        taken = {name: given for name, given in props.items() if name in known and given is not None}
        if "choices" in taken:
            taken["choices"] = [tuple(each) if isinstance(each, list) else each for each in taken["choices"]]
        if cls is components.Chatbot:
            taken.pop("type", None)  # functions here get what is on the wire
        if "buttons" in taken:
            taken["buttons"] = [each for each in taken["buttons"] if isinstance(each, str)]
        made = {name: self._files.in_options(given) for name, given in taken.items()}
        return {name: _record(name, given) for name, given in made.items()}

    def _samples(self, props: dict[str, Any]) -> dict[str, Any]:
        names = [each.get("name") if isinstance(each, dict) else each for each in props.get("components") or ()]
        kinds = [name if name in self._classes and name != "state" else "textbox" for name in names]
        rows = props.get("samples") or []
        return {
            "components": kinds,
            "samples": [[self._files.in_options(each) for each in row] for row in rows],
            "type": "index",
        }

    def _unknown(self, kind: str, props: dict[str, Any], has_children: bool) -> Block:
        if has_children:
            return layouts.Column()
        warn(
            f"gr.load: there is no component {kind!r} here, so its values are shown as JSON and cannot be entered.",
        )
        block = components.JSON(label=props.get("label"), visible=bool(props.get("visible", True)))
        if props.get("value") is not None:
            vars(block)["initial_value"] = self._files.first_value(block, props["value"])
        return block


def _record(name: str, given: Any) -> Any:
    """An option that is a record in a declaration, of what a config has of it."""
    kind = _RECORDS.get(name)
    if kind is None or not isinstance(given, dict):
        return given
    return kind(**{key: each for key, each in given.items() if key in inspect.signature(kind).parameters})


def _native_plot(props: dict[str, Any]) -> type[Block]:
    """The class of a plot, by its name there, or by what its value draws."""
    classes: dict[str, type[Block]] = {
        "bar": components.BarPlot,
        "line": components.LinePlot,
        "point": components.ScatterPlot,
        "scatter": components.ScatterPlot,
    }
    value = props.get("value")
    mark = value.get("mark") if isinstance(value, dict) else None
    return classes.get(str(mark or props.get("name")).removesuffix("plot"), components.LinePlot)


def _made(cls: type[Block], options: dict[str, Any]) -> Block:
    """The block; with the few options that every one has, where it does not take what was said of the other."""
    try:
        return cls(**options)
    except Exception as error:
        kept = {name: options[name] for name in _FEW if name in options}
        warn(f"gr.load: {cls.__name__} is shown without some of its options: {error}")
        return cls(**{name: given for name, given in kept.items() if name in option_names(cls)})
