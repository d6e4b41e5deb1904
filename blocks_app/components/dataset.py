"""Dataset: samples to choose from."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, ClassVar, Literal, Unpack

from blocks_app.components.validation import refusal, shown
from blocks_app.exceptions import DeclarationError
from blocks_app.files import file_data
from blocks_app.listeners.events import Events
from blocks_app.options import FrameOptions
from blocks_app.tree import context
from blocks_app.tree.component import Component

TYPES = ("values", "index", "tuple")


class Dataset(Component):
    """Shows samples, one in each row or card, of which a visitor chooses one.

    A function gets the chosen sample as `type` says. It returns an index, a sample, or a list of samples, which take
    the place of those shown. A component shows a sample by what its `as_example` gives: a picture, or a text.
    """

    change = Events.change
    click = Events.click
    select = Events.select
    heavy: ClassVar[bool] = True
    private_options: ClassVar[frozenset[str]] = Component.private_options | {
        "components",
        "component_props",
        "proxy_url",
        "samples",
    }
    in_links: ClassVar[bool] = False

    def __init__(
        self,
        *,
        components: Sequence[Component | str] | None = None,
        component_props: list[dict[str, Any]] | None = None,
        samples: list[list[Any]] | None = None,
        headers: list[str] | None = None,
        type: Literal["values", "index", "tuple"] = "values",
        layout: Literal["gallery", "table"] | None = None,
        samples_per_page: int = 10,
        proxy_url: str | None = None,
        sample_labels: list[str] | None = None,
        **options: Unpack[FrameOptions],
    ) -> None:
        """Declare samples.

        Args:
            components: which component each value of a sample is for: instances, or names such as "textbox".
            component_props: options of these components, as Gradio's own pages know them; taken and not needed here.
            samples: rows with one value for each component, as a function would return it.
            headers: names of the columns; the labels of the components unless given.
            type: "values" gives the function the sample, "index" its number from 0, "tuple" both.
            layout: "gallery" or "table"; a table is the default for several components, and the only way to show them.
            samples_per_page: how many are shown at a time.
            proxy_url: taken and not needed: nothing is loaded from elsewhere.
            sample_labels: texts to show in place of the samples, one for each.
            options: see FrameOptions.
        """
        self.components = [_instance(each) for each in components or ()]
        self._component_props = component_props
        self.samples = [self._row(each) for each in samples or ()]
        labels = [each.label or "" for each in self.components]
        self.headers = list(headers) if headers is not None else labels if any(labels) else []
        if type not in TYPES:
            raise DeclarationError(f"Dataset: type={type!r} is unknown. Use one of {', '.join(TYPES)}.")
        if layout not in ("gallery", "table", None) or (layout == "gallery" and len(self.components) > 1):
            raise DeclarationError("Dataset: layout is 'gallery' or 'table'; samples of several values need a table.")
        if isinstance(samples_per_page, bool) or not isinstance(samples_per_page, int) or samples_per_page < 1:
            raise DeclarationError(f"Dataset: samples_per_page is a number from 1 on, not {samples_per_page!r}.")
        if sample_labels is not None and len(sample_labels) != len(self.samples):
            raise DeclarationError(
                f"Dataset: {len(sample_labels)} sample_labels for {len(self.samples)} samples: give one for each."
            )
        self.type = type
        self.layout = layout
        self.samples_per_page = samples_per_page
        self.proxy_url = proxy_url
        self.sample_labels = sample_labels
        self._cells = [[SimpleNamespace(value=value) for value in row] for row in self.samples]
        super().__init__(None, **options)

    @property
    def component_props(self) -> list[dict[str, Any]]:
        """The options of the components, as given or as these have them, for programs that look."""
        return self._component_props or [each.props() for each in self.components]

    @property
    def raw_samples(self) -> list[list[Any]]:
        """Gradio's name of the samples as they were given."""
        return self.samples

    def preprocess(self, payload: Any) -> Any:
        """The chosen sample as `type` says; None when none is."""
        if payload is None:
            return None
        if isinstance(payload, bool) or not isinstance(payload, int) or not 0 <= payload < len(self.samples):
            raise refusal(self, f"there is no sample {shown(payload)}; it has {len(self.samples)}.")
        row = list(self.samples[payload])
        return {"values": row, "index": payload, "tuple": (payload, row)}[self.type]

    def postprocess(self, value: Any) -> int | None:
        """Number of the sample, given as such or by its values; None for none of them."""
        if isinstance(value, int) and not isinstance(value, bool):
            return value if 0 <= value < len(self.samples) else None
        return self._number(value)

    def changes_by(self, value: Any) -> dict[str, Any] | None:
        """A list of samples takes the place of those shown."""
        if not isinstance(value, list) or not all(isinstance(row, list | tuple) for row in value):
            return None
        return {"samples": value, "value": None} if self._number(value) is None else None

    def api_info(self) -> dict[str, Any]:
        return {"type": "integer", "description": "index of selected example"}

    def example_payload(self) -> Any:
        """The first sample."""
        return 0 if self.samples else None

    def example_value(self) -> Any:
        """The first sample by its number."""
        return 0 if self.samples else None

    def props(self) -> dict[str, Any]:
        """The options, the samples as their components show them, and what kind these are."""
        props = super().props()
        props["samples"] = [
            [_as_shown(component, cell) for component, cell in zip(self.components, row)] for row in self._cells
        ]
        props["components"] = [each.get_block_name() for each in self.components]
        return props

    def _row(self, row: Any) -> list[Any]:
        if not isinstance(row, list | tuple) or len(row) != len(self.components):
            raise DeclarationError(
                f"Dataset: a sample is a list with a value for each of its {len(self.components)} components, "
                f"not {shown(row)}."
            )
        return list(row)

    def _number(self, row: Any) -> int | None:
        if not isinstance(row, list | tuple):
            return None
        return next((number for number, each in enumerate(self.samples) if _same(each, row)), None)


def _same(one: Sequence[Any], other: Sequence[Any]) -> bool:
    """Whether all values are equal; arrays and tables, which do not say that in one word, when they are the same."""
    try:
        return len(one) == len(other) and all(a is b or bool(a == b) for a, b in zip(one, other))
    except (TypeError, ValueError):
        return False


def _as_shown(component: Component, cell: SimpleNamespace) -> Any:
    """A value as the page shows it; a file is stored once for all pages."""
    if cell.value is None:
        return None
    return file_data.initial(cell, lambda: component.as_example(cell.value))


def _instance(given: Component | str) -> Component:
    if isinstance(given, Component):
        return given
    known = vars(importlib.import_module("blocks_app.components"))  # every component, which this is one of
    wanted = given.replace("_", "").lower() if isinstance(given, str) else None
    classes = [(name, each) for name, each in known.items() if isinstance(each, type) and issubclass(each, Component)]
    found = next((each for name, each in classes if name.lower() == wanted), None)
    if found is None:
        raise DeclarationError(f"Dataset: there is no component {given!r}. Give one, or a name such as 'textbox'.")
    token = context.root.set(None)
    try:
        return found(render=False)
    finally:
        context.root.reset(token)
