"""Interface: an app around one function."""

from __future__ import annotations

import os
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar, Literal

from blocks_app.blocks import Blocks
from blocks_app.components import Button, DeepLinkButton, Markdown
from blocks_app.diagnostics.mistakes import warn
from blocks_app.examples.examples import Examples
from blocks_app.exceptions import ArgumentTypeError, DeclarationError
from blocks_app.flagging import flag_method
from blocks_app.functions.signatures import FunctionInfo, describe
from blocks_app.i18n import gettext_lazy
from blocks_app.interfaces.panels.article import article_text
from blocks_app.interfaces.panels.buttons import button, clear_button
from blocks_app.interfaces.panels.events import listen
from blocks_app.interfaces.panels.interface_types import InterfaceTypes
from blocks_app.interfaces.panels.layout import InterfaceLayout
from blocks_app.interfaces.panels.named_components import component_of, components_of, share_state
from blocks_app.interfaces.panels.placing import place
from blocks_app.layouts import Accordion
from blocks_app.tree.block import Block
from blocks_app.tree.component import Component
from blocks_app.tree.iterables import is_text


class Interface(Blocks):
    """An app around one function: its inputs on one side, its outputs on the other, and the buttons that it needs.

        demo = gr.Interface(fn=greet, inputs=["text", "slider"], outputs="text")
        demo.launch()

    It is a Blocks: it is launched, mounted, protected and placed in others like any other. Its function is the
    endpoint `/predict`.
    """

    is_template: ClassVar[bool] = True  # in the page it is a column, as every Blocks is
    _instances: ClassVar[weakref.WeakSet[Interface]] = weakref.WeakSet()

    def __init__(
        self,
        fn: Callable[..., Any],
        inputs: Any,
        outputs: Any,
        examples: Any = None,
        cache_examples: bool | Literal["lazy"] | None = None,
        examples_per_page: int = 10,
        live: bool = False,
        title: str | None = None,
        description: str | None = None,
        article: str | None = None,
        thumbnail: str | None = None,
        theme: Any = None,
        css: str | Path | None = None,
        allow_flagging: Literal["never", "auto", "manual"] | bool | None = None,
        flagging_options: list[str] | list[tuple[str, str]] | None = None,
        flagging_dir: str | None = None,
        flagging_callback: Any = None,
        analytics_enabled: bool | None = None,
        batch: bool = False,
        max_batch_size: int = 4,
        api_name: str | Literal[False] | None = "predict",
        _api_mode: bool = False,
        allow_duplication: bool = False,
        concurrency_limit: int | Literal["default"] | None = "default",
        js: str | Path | None = None,
        head: str | Path | None = None,
        additional_inputs: Any = None,
        additional_inputs_accordion: str | Accordion | None = None,
        *,
        submit_btn: str | Button = "Submit",
        stop_btn: str | Button = "Stop",
        clear_btn: str | Button | None = "Clear",
        delete_cache: tuple[int, int] | None = None,
        cache_mode: Literal["eager", "lazy"] | None = None,
        example_labels: list[str] | None = None,
        preload_example: int | Literal[False] = 0,
        flagging_mode: Literal["never", "auto", "manual"] | None = None,
        api_visibility: Literal["public", "undocumented", "private"] = "public",
        api_description: str | Literal[False] | None = None,
        show_progress: Literal["full", "minimal", "hidden"] = "full",
        fill_width: bool = False,
        time_limit: float | None = None,
        stream_every: float = 0.5,
        deep_link: str | DeepLinkButton | bool | None = None,
        validator: Callable[..., Any] | None = None,
        retries: int = 0,
        **kwargs: Any,
    ) -> None:
        """Build an app around `fn`.

        Args:
            fn: the function, generator or their async kinds; it takes one argument per input, and returns one value
                per output.
            inputs: components, or names such as "text" and {"name": "slider", "maximum": 5}: one or a list; None for
                a function that takes nothing. One without a label gets the parameter's name.
            outputs: likewise; None for a function whose result is not shown. The same components as inputs and outputs
                stand in one panel. "state" on both sides keeps a value for the next call.
            examples: rows of inputs to choose from, or a folder; see gr.Examples.
            cache_examples: whether the results of the examples are kept; "lazy" once they have been asked for.
            examples_per_page: how many are shown at a time.
            live: run the function with every change of an input, without a Submit button.
            title: heading, and the title of the browser tab.
            description: Markdown under it.
            article: Markdown under everything; or the address of a text, read once when the app is declared.
            thumbnail: taken and not needed: nothing shows it.
            theme, css, js, head, analytics_enabled, delete_cache, fill_width: as for gr.Blocks.
            allow_flagging: who keeps samples of inputs and outputs: "manual" is a button for visitors, "auto" every
                successful run, "never". GRADIO_ALLOW_FLAGGING unless given, else "manual".
            flagging_mode: the same; goes before `allow_flagging`. GRADIO_FLAGGING_MODE unless given.
            flagging_options: texts of several such buttons ("Flag as …"), or (text, value) pairs.
            flagging_dir: folder of what is kept in files; unless given ".gradio/flagged" where `flagging_mode` is, else
                "flagged".
            flagging_callback: what keeps the samples; see gr.FlaggingCallback.
            batch: whether `fn` takes lists with the values of several visitors, and returns one list per output.
            max_batch_size: most of these at a time.
            api_name: name of the function's endpoint; None takes the function's own, False keeps programs out.
            _api_mode: whether `fn` takes and returns values as they are on the wire.
            allow_duplication: whether a button to duplicate the app stands there.
            concurrency_limit: how many runs there are at once; None is no limit, "default" what `queue()` says.
            additional_inputs: inputs after the others, in an accordion.
            additional_inputs_accordion: heading of that accordion, or one of your own; "Additional Inputs", and closed,
                unless given.
            submit_btn, stop_btn, clear_btn: text of the button, or a gr.Button. Stop is there while a generator runs;
                None hides Clear.
            cache_mode: "eager" or "lazy"; see `cache_examples`.
            example_labels: texts to show in place of the examples.
            preload_example: number of the example that is there at first, when examples are cached; False for none.
            api_visibility: "public", "undocumented" or "private".
            api_description: what the list of endpoints says of it: the function's docstring unless given.
            show_progress: what outputs show while the function runs: "full", "minimal" or "hidden".
            time_limit: seconds after which a run, or a stream of a live app, ends.
            stream_every: seconds between two pieces of a stream.
            deep_link: True, a text or a gr.DeepLinkButton for a button that copies a link to the app as it is.
            validator: a function that looks at the inputs first; see `gr.validate`.
            retries: how often a run begins anew whose worker has died; see ListenOptions. Not in Gradio.
            kwargs: more options of gr.Blocks.

        Raises:
            DeclarationError, ArgumentTypeError: what cannot be built, and what to write instead.
        """
        page = {"theme": theme, "css": css, "js": js, "head": head, "analytics_enabled": analytics_enabled}
        page |= {"delete_cache": delete_cache, "fill_width": fill_width, "mode": "interface"}
        super().__init__(**{**page, "title": title or "Gradio", **kwargs})
        if not callable(fn):
            raise ArgumentTypeError(f"fn of an Interface must be one function, not {fn!r}.")
        self.fn, self.live, self.batch, self.max_batch_size = fn, live, batch, max_batch_size
        self.heading, self.description, self.article = title, description, article_text(article)
        self.thumbnail, self.allow_duplication = thumbnail, allow_duplication
        self.api_name, self.api_mode, self.api_visibility = api_name, _api_mode, api_visibility
        self.api_description, self.concurrency_limit = api_description, concurrency_limit
        self.show_progress, self.time_limit, self.stream_every = show_progress, time_limit, stream_every
        self.validator, self.retries = validator, retries
        self.examples, self.examples_per_page, self.example_labels = examples, examples_per_page, example_labels
        self.cache_examples, self.cache_mode, self.preload_example = cache_examples, cache_mode, preload_example
        info = describe(fn)
        self.__name__, self.answers_in_steps = info.name, info.is_generator
        self._take_components(info, inputs, outputs, additional_inputs)
        self.additional_inputs_accordion = _accordion(additional_inputs_accordion)
        alone = self.interface_type is InterfaceTypes.OUTPUT_ONLY  # nothing is submitted there
        self.submit_btn = button("Generate" if alone else submit_btn, "submit", "primary")
        self.stop_btn = button(stop_btn, "stop", "stop", visible=False)
        self.clear_btn = clear_button(clear_btn)
        self.deep_link = _deep_link(deep_link)
        self.flagging_mode = self.allow_flagging = _flagging_mode(flagging_mode, allow_flagging)
        modern = self._modern = flag_method.speaks_of_gradio_6(flagging_mode, flagging_dir, flagging_callback)
        self.flagging_options = flag_method.flagging_options(flagging_options, modern)
        self.flagging_callback = flagging_callback or flag_method.default_callback(flagging_dir)
        self.flagging_dir = flagging_dir or (flag_method.MODERN_FOLDER if modern else flag_method.CLASSIC_FOLDER)
        self._declare()
        Interface._instances.add(self)

    def _take_components(self, info: FunctionInfo, inputs: Any, outputs: Any, more: Any) -> None:
        defaults = [info.defaults.get(name) for name in info.parameters]
        self.main_input_components = components_of(inputs, "inputs", defaults)
        main = len(self.main_input_components)
        self.additional_input_components = components_of(more, "additional_inputs", defaults[main:])
        self.input_components = self.main_input_components + self.additional_input_components
        self.output_components = components_of(outputs, "outputs")
        if not self.input_components and not self.output_components:
            raise DeclarationError(
                "Must provide at least one of `inputs` or `outputs`: an Interface shows one of them."
            )
        share_state(self.input_components, self.output_components)
        if any(each.stateful for each in self.input_components):
            if self.cache_examples:
                warn(
                    "Examples of an Interface with a State cannot be cached: cache_examples is off.",
                )
            self.cache_examples = False
        self.interface_type = _kind(self.input_components, self.output_components)
        for component, name in zip(self.input_components, info.parameters):
            component.label = component.label if component.label is not None else name
        several = len(self.output_components) > 1
        inside = set(map(id, self.input_components))
        for number, component in enumerate(self.output_components):
            if component.label is None:
                component.label = f"output {number}" if several else "output"
            if component.interactive is None and id(component) not in inside:
                component.interactive = False

    def _declare(self) -> None:
        with self:
            layout = InterfaceLayout(self)
            self._run, self._end = listen(self, layout)
            self._listen_for_flags(layout)
            if self.examples:
                self._show_examples()
            if self.article:
                Markdown(self.article)

    def _listen_for_flags(self, layout: InterfaceLayout) -> None:
        kind = self.interface_type
        if self.flagging_mode == "never" or kind is InterfaceTypes.INPUT_ONLY:
            return
        outputs = [] if kind is InterfaceTypes.UNIFIED else self.output_components
        callback, flagged = self.flagging_callback, self.input_components + outputs
        flag_method.set_up(callback, self.input_components, outputs, self.flagging_dir, self.heading or self.__name__)
        if self.flagging_mode == "auto":
            flag_method.flag_on_success(callback, self._run, flagged, self._modern)
        else:
            flag_method.flag_on_click(callback, layout.flags, self.flagging_options, flagged, layout.clear)

    def _show_examples(self) -> None:
        inputs = [each for each in self.input_components if not each.stateful]
        outputs = [each for each in self.output_components if not each.stateful]
        shown = sum(not each.stateful for each in self.main_input_components)
        rows = self.examples
        if shown == 1 and len(inputs) > 1 and isinstance(rows, list):  # values of the one input that stands first
            rows = [each if isinstance(each, list | tuple) else [each] for each in rows]
        self.examples_handler = Examples(
            rows,
            inputs,
            outputs,
            self.fn,
            self.cache_examples,
            self.cache_mode,
            self.examples_per_page,
            _api_mode=self.api_mode,
            batch=self.batch,
            example_labels=self.example_labels,
            visible_columns=list(range(shown)) if self.additional_input_components and shown else None,
            preload=self.preload_example,
        )

    @classmethod
    def get_instances(cls) -> list[Interface]:
        """The Interfaces of this program that are still in use."""
        return list(cls._instances)

    @classmethod
    def from_pipeline(cls, pipeline: Any, **kwargs: Any) -> Interface:
        """Build the app that fits a pipeline of `transformers` or `diffusers`.

        Args:
            pipeline: what `transformers.pipeline(...)` or `DiffusionPipeline.from_pretrained(...)` gave.
            kwargs: any argument of Interface, in place of what the pipeline's kind suggests.

        Raises:
            DeclarationError: a kind of pipeline that is not known here.
        """
        from blocks_app.interfaces.pipelines.arguments import arguments_for

        return cls(**{**arguments_for(pipeline), **kwargs})

    def render(self) -> Block:
        """Show it here; inside of the page on which it stands already it is moved. Returns the Interface."""
        return place(self, super().render)

    def __call__(self, *inputs: Any, fn_index: int | None = None, api_name: str | None = None) -> Any:
        """Run the function here and now, with pre- and postprocessing; files are paths."""
        return super().__call__(*inputs, fn_index=self._run.id if fn_index is None else fn_index, api_name=api_name)

    def __repr__(self) -> str:
        heading = f"Gradio Interface for: {self.__name__}"
        lines = [heading, "-" * len(heading), "inputs:", *(f"|-{each!r}" for each in self.input_components)]
        return "\n".join([*lines, "outputs:", *(f"|-{each!r}" for each in self.output_components)])


def _kind(inputs: list[Component], outputs: list[Component]) -> InterfaceTypes:
    if not outputs:
        return InterfaceTypes.INPUT_ONLY
    if not inputs:
        return InterfaceTypes.OUTPUT_ONLY
    same = len(inputs) == len(outputs) and all(one is other for one, other in zip(inputs, outputs))
    return InterfaceTypes.UNIFIED if same else InterfaceTypes.STANDARD


def _accordion(given: str | Accordion | None) -> Accordion:
    if given is None:
        return Accordion(gettext_lazy("Additional Inputs"), open=False, render=False)
    if not isinstance(given, Accordion) and is_text(given):
        return Accordion(given, render=False)
    if not isinstance(given, Accordion):
        raise DeclarationError(
            f"The `additional_inputs_accordion` parameter must be a string or gr.Accordion, not {given!r}."
        )
    if given.is_rendered:
        given.unrender()
    return given


def _deep_link(given: str | DeepLinkButton | bool | None) -> DeepLinkButton | None:
    if given is None or given is False:
        return None
    if isinstance(given, DeepLinkButton):
        found = component_of(given)
        assert isinstance(found, DeepLinkButton)
        return found
    return DeepLinkButton(render=False) if given is True else DeepLinkButton(given, render=False)


def _flagging_mode(mode: Any, allow: Any) -> str:
    given = mode if mode is not None else allow
    name = "flagging_mode" if mode is not None else "allow_flagging"
    if isinstance(given, bool):
        word = "manual" if given else "never"
        warn(f"{name} takes 'manual', 'auto' or 'never'; {given} is taken for {word!r}.")
        return word
    if given is None:
        given = os.environ.get("GRADIO_FLAGGING_MODE") or os.environ.get("GRADIO_ALLOW_FLAGGING") or "manual"
    if given not in ("manual", "auto", "never"):
        raise DeclarationError(
            f"Invalid value for `{name}` parameter. Must be: 'auto', 'manual', or 'never', not {given!r}."
        )
    return str(given)
