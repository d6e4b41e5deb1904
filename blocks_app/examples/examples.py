"""gr.Examples: samples below inputs; a click fills the inputs, and shows the answer that was kept."""

from __future__ import annotations

import copy
import weakref
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Literal

from blocks_app.components import Dataset
from blocks_app.diagnostics.mistakes import warn
from blocks_app.examples import records
from blocks_app.examples.answers import MISSING, ExampleAnswers
from blocks_app.examples.modes import mode_of
from blocks_app.examples.rows import columns_with_values, read_rows
from blocks_app.exceptions import DeclarationError, Error
from blocks_app.files import file_data
from blocks_app.i18n import gettext
from blocks_app.listeners.kept_answers import KeptAnswers
from blocks_app.listeners.listener import Listener
from blocks_app.running.updates import skip, update
from blocks_app.tree import context
from blocks_app.tree.component import Component
from blocks_app.tree.iterables import several

#: Those of this process that keep answers.
_cached: weakref.WeakSet[Examples] = weakref.WeakSet()


class Examples:
    """Samples for inputs, shown as a Dataset: `gr.Examples(["Ada", "Alan"], name)`. A click fills the inputs.

    With `cache_examples` the answers of `fn` to them are kept, and a click shows them, too.
    """

    def __init__(
        self,
        examples: Iterable[Any] | str,
        inputs: Component | Iterable[Component],
        outputs: Component | Iterable[Component] | None = None,
        fn: Callable[..., Any] | None = None,
        cache_examples: bool | Literal["lazy"] | None = None,
        cache_mode: Literal["eager", "lazy"] | int | None = None,
        examples_per_page: int = 10,
        _api_mode: bool = False,
        label: str | None = None,
        elem_id: str | None = None,
        run_on_click: bool = False,
        preprocess: bool = True,
        postprocess: bool = True,
        api_visibility: Literal["public", "undocumented", "private"] = "undocumented",
        api_name: str | Literal[False] | None = "load_example",
        api_description: str | Literal[False] | None = None,
        batch: bool = False,
        *,
        example_labels: list[str] | None = None,
        visible_columns: list[int] | None = None,
        visible: bool | Literal["hidden"] = True,
        preload: int | Literal[False] = 0,
        _defer_caching: bool = False,
        _initiated_directly: bool = False,
    ) -> None:
        """Declare examples where they shall stand.

        Args:
            examples: rows with a value for each input; values alone where there is one input; or the path of a folder:
                with its files for one input, or with a log.csv that has a column for each. None leaves an input alone.
            inputs: the components that are filled.
            outputs: the components that show the answers.
            fn: makes the answers; needed with `run_on_click` and `cache_examples`.
            cache_examples: whether answers are kept; "lazy" as with `cache_mode`. None does what the environment
                variable GRADIO_CACHE_EXAMPLES says (true, false, lazy), else keeps none.
            cache_mode: "eager" makes them when the app is launched, or by `manage.py blocks_examples`; "lazy" when
                somebody clicks. None does what GRADIO_CACHE_MODE says, else "eager".
            examples_per_page: how many are shown at a time.
            label: the heading; "Examples" unless given.
            elem_id: id of the Dataset in the page.
            run_on_click: whether a click also runs `fn`, where no answers are kept.
            preprocess: whether `fn` gets values as the inputs give them, for answers that are kept.
            postprocess: whether the outputs make values of what `fn` returns, for answers that are kept.
            api_visibility: as for a listener.
            api_name: name of the endpoint that takes the number of an example.
            api_description: what is told of the endpoint.
            batch: whether `fn` takes lists of values, for answers that are kept.
            example_labels: texts to show in place of the examples, one for each.
            visible_columns: numbers of the inputs whose values are shown; all are filled.
            visible: whether they are shown.
            _api_mode: neither `preprocess` nor `postprocess`; for apps that call others.
            _defer_caching: not used; Gradio has it, and nothing is made while a page is declared.
            _initiated_directly: not used; Gradio has it.
            preload: number of the example that the page begins with, when answers are kept eagerly and no input has a
                value of its own; False for none.
        """
        mode: Any = cache_mode
        if isinstance(cache_mode, int):  # where Gradio 4 has the number by place
            mode, examples_per_page = None, cache_mode
        self.inputs: list[Component] = several(inputs)
        self.outputs: list[Any] = several(outputs)
        self.fn = fn
        self.examples = read_rows(examples, self.inputs)
        self.run_on_click, self.preload, self.batch = run_on_click, preload, batch
        self.preprocess, self.postprocess = preprocess and not _api_mode, postprocess and not _api_mode
        self.example_labels = example_labels
        self._listens_as = {
            "api_name": api_name, "api_visibility": "private" if api_name is False else api_visibility,
            "api_description": api_description,
        }  # fmt: skip
        if example_labels is not None and len(example_labels) != len(self.examples):
            raise DeclarationError(
                f"Examples: {len(example_labels)} example_labels for {len(self.examples)} examples: give one for each."
            )
        mode = mode_of(cache_examples, mode, fn is not None and outputs is not None)
        self.cache_examples: bool | Literal["lazy"] = self._checked(mode)
        self._find_columns(visible_columns)
        self.dataset = Dataset(
            components=[self.inputs[index] for index in self._shown],
            samples=[[_at(row, index, None) for index in self._shown] for row in self.examples],
            type="tuple",
            label=label,
            samples_per_page=examples_per_page,
            elem_id=elem_id,
            visible=visible,
            sample_labels=example_labels,
        )
        self._cells: dict[int, list[SimpleNamespace]] = {}
        #: What fills the inputs, and what shows the kept answer after that; programs go on after them with `.then()`.
        self.load_input_event: Listener | None = None
        self.cache_event: Listener | None = None
        self._answers: ExampleAnswers | None = None
        if self.cache_examples:
            assert fn is not None
            self._answers = ExampleAnswers(
                fn, self.inputs, self.outputs, preprocess=self.preprocess, postprocess=self.postprocess, batch=batch
            )
        self.create()

    # -- declaring ----------------------------------------------------------------------------------------------------

    def _checked(self, mode: Literal["eager", "lazy"] | None) -> bool | Literal["lazy"]:
        if mode is None:
            if self.run_on_click and self.fn is None:
                raise DeclarationError("Cannot run_on_click if no function is provided: Examples(…, fn=…).")
            return False
        if self.fn is None or not self.outputs:
            raise DeclarationError(
                "If caching examples, `fn` and `outputs` must be provided: Examples(…, outputs, fn)."
            )
        if any(getattr(each, "stateful", False) for each in (*self.inputs, *self.outputs)):
            warn(
                "Examples with a State among their inputs or outputs cannot be cached: each visitor has another. "
                "cache_examples is set to False.",
            )
            return False
        if any(_at(row, index, None) is None for row in self.examples for index in range(len(self.inputs))):
            warn(
                "Examples will be cached, but not every example has a value for each input: where one is missing, the "
                "function gets its own default, else None.",
            )
        return "lazy" if mode == "lazy" else True

    def _find_columns(self, visible: list[int] | None) -> None:
        self.input_has_examples = columns_with_values(self.examples, len(self.inputs))
        self._filled = [index for index, has in enumerate(self.input_has_examples) if has]
        self.inputs_with_examples = [self.inputs[index] for index in self._filled]
        self.non_none_examples = [[row[index] for index in self._filled if index < len(row)] for row in self.examples]
        if visible is not None:
            if not visible:
                raise DeclarationError("Examples: `visible_columns` must contain at least one column index.")
            wrong = [each for each in visible if isinstance(each, bool) or each not in range(len(self.inputs))]
            if wrong:
                raise DeclarationError(
                    f"Examples: each index in `visible_columns` must be that of one of the {len(self.inputs)} inputs, "
                    f"from 0 on; {wrong[0]!r} is not."
                )
        shown = [index for index in self._filled if visible is None or index in visible]
        self._shown = shown or self._filled

    def create(self) -> None:
        """Listen for clicks, once. Needed by hand where the examples were made outside of a Blocks."""
        root = context.root.get()
        if self.load_input_event is not None:
            return
        if root is None:
            warn(
                "Examples made outside of a Blocks do nothing until both `examples.dataset.render()` and "
                "`examples.create()` are called inside of one.",
            )
        elif self._answers is not None:
            self._answers.page = root.page
            self._listen_with_answers(root)
        else:
            self._listen()

    def _listen(self) -> None:
        self.load_input_event = self._on_click(self._fill_inputs, **self._listens_as)
        if self.run_on_click:
            assert self.fn is not None
            self.load_input_event.then(self.fn, self.inputs, self.outputs, api_visibility="undocumented")

    def _listen_with_answers(self, root: context.Root) -> None:
        filled = self._on_click(self._fill_inputs, api_name="load_example_input", api_visibility="undocumented")
        options: Any = self._listens_as

        def show_answer(chosen: Any) -> Any:
            return self._show_answer(chosen)

        show_answer._kept_answers = KeptAnswers(show_answer, self._has_answer, is_quick=True)  # type: ignore[attr-defined]
        self.cache_event = self.load_input_event = filled.then(
            show_answer, self.dataset, self.outputs, postprocess=False, **options
        )
        _cached.add(self)
        page: Any = root.page
        if self.cache_examples is True and id(root) == id(page):
            page.extra_startup_events.append(self.fill)
            self._listen_to_load(page)

    def _on_click(self, fn: Callable[..., Any], **options: Any) -> Listener:
        return self.dataset.click(
            fn,
            self.dataset,
            self.inputs_with_examples,
            show_progress="hidden",
            postprocess=False,
            queue=False,
            **options,
        )

    def _listen_to_load(self, page: Any) -> None:
        """The page begins with one of the examples, when its answer is kept: no visit alone runs the function."""
        number = self.preload
        if number is False or not self.examples or any("value" in each._given for each in self.inputs_with_examples):
            return
        if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number < len(self.examples):
            raise DeclarationError(
                f"Examples: preload is False, or the number of one of the {len(self.examples)} examples, from 0 on; "
                f"not {number!r}."
            )
        chosen = number, self.dataset.samples[number]

        def load_example_input() -> Any:
            return (
                self._fill_inputs(chosen)
                if self.kept_answer(number) is not None
                else _unchanged(self.inputs_with_examples)
            )

        def load_example_output() -> Any:
            return self._show_answer(chosen) if self.kept_answer(number) is not None else _unchanged(self.outputs)

        quiet: Any = {"show_progress": "hidden", "postprocess": False, "api_visibility": "undocumented"}
        page.load(load_example_input, None, self.inputs_with_examples, queue=False, **quiet)
        page.load(load_example_output, None, self.outputs, **quiet)

    # -- what a click does --------------------------------------------------------------------------------------------

    def _fill_inputs(self, chosen: Any) -> Any:
        """The values of an example, for the inputs that have any."""
        row = self._wire_row(*self._checked_choice(chosen))
        given = [row[index] for index in self._filled]
        updates = [skip() if each is MISSING else update(value=each) for each in given]
        return updates[0] if len(updates) == 1 else updates

    def _show_answer(self, chosen: Any) -> Any:
        """The answer to an example, for the outputs; `fn` is run where none is kept."""
        assert self._answers is not None
        number, sample = self._checked_choice(chosen)
        row = self._wire_row(number, sample)
        return self._answers.answer(row, self._answers.key(row) if self._is_own(number, sample) else "")

    def _has_answer(self, chosen: Any) -> bool:
        """Whether the answer to an example is kept."""
        if self._answers is None or chosen is None:
            return False
        row = self._wire_row(*chosen)
        return self._is_own(*chosen) and self._answers.kept(self._answers.key(row)) is not None

    def _checked_choice(self, chosen: Any) -> tuple[int, list[Any]]:
        if chosen is None:
            raise Error(gettext("Choose one of the examples."), print_exception=False)
        number, sample = chosen
        return number, sample

    def _is_own(self, number: int, sample: Sequence[Any]) -> bool:
        """Whether it is one of the declared examples; the app may show a visitor others instead."""
        own = self.dataset.samples[number] if number < len(self.dataset.samples) else None
        try:
            return own is not None and all(a is b or bool(a == b) for a, b in zip(own, sample, strict=True))
        except (TypeError, ValueError):
            return False

    def _wire_row(self, number: int, sample: Sequence[Any]) -> list[Any]:
        """For each input its value as browsers get it, or MISSING. The files of declared examples are stored once."""
        if self._is_own(number, sample):
            row, cells = self.examples[number], self._cells.get(number)
            if cells is None:
                cells = self._cells[number] = [SimpleNamespace(value=each) for each in row]
            return [
                _wire(each, cells[index]) if self.input_has_examples[index] and index < len(row) else MISSING
                for index, each in enumerate(self.inputs)
            ]
        columns = self._filled if len(sample) == len(self._filled) else self._shown
        given = dict(zip(columns, sample))
        return [each.postprocess(given[index]) if index in given else MISSING for index, each in enumerate(self.inputs)]

    # -- kept answers -------------------------------------------------------------------------------------------------

    @property
    def page(self) -> Any:
        """The Blocks that they are part of."""
        return self._answers.page if self._answers is not None else None

    def answer_key(self, number: int) -> str:
        """Under which the answer to an example is kept.

        Args:
            number: of the example, from 0 on.
        """
        return self._answers.key(self._wire_row(number, self.dataset.samples[number])) if self._answers else ""

    def kept_answer(self, number: int) -> list[Any] | None:
        """The answer to an example as the outputs get it; None when none is kept.

        Args:
            number: of the example, from 0 on.
        """
        found = self._answers.kept(self.answer_key(number)) if self._answers is not None else None
        return None if found is None else found.values

    def load_from_cache(self, example_id: int) -> list[Any]:
        """The kept answer to an example as the outputs get it; made now if there is none.

        Args:
            example_id: its number, from 0 on.
        """
        from blocks_app.examples.filling import answer_of  # with the runner, which only who runs functions needs

        return answer_of(self, example_id)

    def fill(self, say: Callable[[str], Any] = print) -> int:
        """Make the answers that are not kept yet; a warning tells of one that fails. How many were made.

        Args:
            say: is told of each.
        """
        from blocks_app.examples.filling import fill

        return fill(self, say)

    def missing(self) -> int:
        """How many answers are not kept yet."""
        from blocks_app.examples.filling import missing

        return missing(self)

    @property
    def cached_folder(self) -> Path:
        """Where answers are kept: a folder of this machine, or a name in the site's storage."""
        return records.records().place(self._answers.function_key if self._answers is not None else "")

    @property
    def cached_file(self) -> Path:
        """Where the answer to the first example is kept."""
        from blocks_app.examples.filling import key_of

        return records.records().place(key_of(self, 0))


def cached_examples() -> list[Examples]:
    """All that keep answers and were declared in this process, in that order as far as it is known."""
    return sorted(_cached, key=lambda each: each.dataset._id)


def _unchanged(blocks: list[Any]) -> Any:
    return skip() if len(blocks) == 1 else [skip() for _ in blocks]


def _at(row: Sequence[Any], index: int, default: Any) -> Any:
    return row[index] if index < len(row) else default


def _wire(component: Component, cell: SimpleNamespace) -> Any:
    if component.stateful:
        return copy.deepcopy(cell.value)
    return file_data.initial(cell, lambda: component.postprocess(cell.value))
