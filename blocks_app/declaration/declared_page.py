"""A page as it is declared: its options, its blocks by number and its listeners. `gr.Blocks` is this, and serves it."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import Token
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

from blocks_app.declaration.pages import Page, both, new_page, strangers
from blocks_app.declaration.placing import Unplaced, known_theme, unplaced, warn_of_unplaced
from blocks_app.diagnostics.mistakes import warn
from blocks_app.exceptions import DeclarationError, DuplicateBlockError
from blocks_app.functions.naming import FunctionKey, FunctionKeys
from blocks_app.listeners import loading
from blocks_app.listeners.dependency import Dependency, Target, free_name
from blocks_app.listeners.events import Events
from blocks_app.listeners.listening import required
from blocks_app.listeners.queue_options import QueueOptions, queue_options
from blocks_app.tree import context
from blocks_app.tree.block import Block
from blocks_app.tree.container import Container
from blocks_app.tree.page_options import analytics, caller_module, delete_cache_pair, text_or_file

if TYPE_CHECKING:
    from blocks_app.declaration.mount import Mount


class DeclaredPage(Container):
    """What stands on a page and what listens to it. It knows neither HTTP nor how its functions are run."""

    load = Events.load
    wire_name: ClassVar[str] = "column"
    #: What draws a page that stands in another one.
    module: ClassVar[str] = "blocks_app/layouts/column.ts"

    def __init__(
        self,
        theme: Any = None,
        analytics_enabled: bool | None = None,
        mode: str = "blocks",
        title: str = "Gradio",
        css: str | Path | None = None,
        js: str | Path | None = None,
        head: str | Path | None = None,
        fill_height: bool = False,
        delete_cache: tuple[int, int] | None = None,
        *,
        fill_width: bool = False,
    ) -> None:
        """Start a page.

        Args:
            theme: a Theme, or the name of a built-in one without regard to case; None is the default theme.
            analytics_enabled: kept for programs that ask; nothing is ever sent. None reads GRADIO_ANALYTICS_ENABLED.
            mode: a label in the config, such as `interface`.
            title: of the browser tab.
            css: style text, or a path to a file of it; wins over the theme.
            js: a JavaScript function, text or path; runs once when the page has loaded.
            head: HTML for the page's head, text or path.
            fill_height: top-level children with a `scale` grow to the window's height.
            delete_cache: (frequency, age) in seconds: how often files are looked through, and how old they may get.
            fill_width: use the whole width of the window.
        """
        super().__init__(render=False)
        self.theme = known_theme(theme)
        self.analytics_enabled = analytics(analytics_enabled)
        self.mode = mode
        self.title = title or "Gradio"
        self.css = text_or_file(css)
        self.js = text_or_file(js)
        self.head = text_or_file(head)
        self.fill_height = fill_height
        self.fill_width = fill_width
        self.delete_cache = delete_cache_pair(delete_cache)
        #: Every block of the page by id, the root included.
        self.blocks: dict[int, Block] = {}
        #: The listeners by number.
        self.dependencies: dict[int, Dependency] = {}
        self.functions = FunctionKeys()
        self.queue_options = QueueOptions()
        #: Whether sessions keep what their page shows: somebody may make a link to it.
        self.keeps_shown = False
        self.unload_fns: list[Callable[[], Any]] = []
        self.ready_fns: list[Callable[[], Any]] = []
        #: Called once before the app is served by `launch()` or `runblocks`, and never where it is only imported.
        self.extra_startup_events: list[Callable[[], Any]] = []
        #: Rises with every change of the page, so that what was built from it can be kept until then.
        self.version = 0
        #: Its pages, the main one first, and the path of the one that is being declared.
        self.pages = [Page("", "Home")]
        self.current_page = ""
        self.page_permissions: dict[str, Any] = {}
        self.declared_in = caller_module()
        self.mount: Mount | None = None
        self.access: Any = None  # the policy of protect(); only the access room knows what it means
        self._block_ids = 0
        self._fn_ids = 0
        self._render_ids = 0
        self._names: set[str] = set()
        self._listened: tuple[int, frozenset[int]] = (-1, frozenset())
        self._unplaced: list[Unplaced] = []
        self._opened: list[tuple[Token[Any], bool]] = []
        self._take_number()

    def _take_number(self) -> None:
        """A page has its number as soon as it can be opened: a class of its own may declare what it holds."""
        outer = context.root.get()
        self._id = outer.next_id() if outer is not None else self.next_id()
        self._root = outer
        self.is_rendered = False
        if outer is None:
            self.blocks[self._id] = self

    def _finish(self) -> None:
        """Whatever the constructor of a class of its own has declared stands already."""

    # -- declaring ----------------------------------------------------------------------------------------------------

    def __enter__(self) -> Self:
        outer = context.root.get()
        nested = outer is not None and outer is not self
        if nested and self.parent is None:
            container = context.parent.get()
            assert container is not None and outer is not None
            container.add(self)
            outer.adopt(self)
        self._opened.append((context.root.set(outer if nested else self), nested))
        return super().__enter__()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        super().__exit__(kind, error, trace)
        token, nested = self._opened.pop()
        try:
            if error is None and not nested:
                loading.attach(self, self.load)
                warn_of_unplaced(self._unplaced, self.blocks)
        finally:
            context.root.reset(token)
            if not nested:
                self.current_page = ""

    def route(self, name: str, path: str | None = None, show_in_navbar: bool = True, *, permission: Any = None) -> Self:
        """Start another page of the app: what is made in `with demo.route("About"):` stands there.

        The pages share the queue, and in a tab the session with every gr.State that their listeners name.

        Args:
            name: how links and the browser's history call it.
            path: its address below the app's, such as "/about"; made of the name unless given.
            show_in_navbar: False leaves it out of the links; its address works all the same.
            permission: what a visitor needs besides access to the app, for the page and all that happens on it: a
                permission's name, a list of names, or a function of the user. Not in Gradio.

        Returns:
            The Blocks.

        Raises:
            DeclarationError: it is called inside of a Blocks, or the path is no single segment of an address.
        """
        if context.root.get() is not None:
            raise DeclarationError("demo.route() starts a page of its own: call it outside of `with gr.Blocks()`.")
        page = new_page(self.pages, name, path, show_in_navbar)
        if permission is not None:
            self.page_permissions[page.path] = required(permission)
        self.pages.append(page)
        self.current_page = page.path
        self.version += 1
        return self

    def next_id(self) -> int:
        """A number for a new block of this page."""
        number = self._block_ids
        self._block_ids += 1
        return number

    def number_for(self, block: Block) -> int:
        """The next number, whatever the block."""
        return self.next_id()

    def rendering_number(self, key: Any = None) -> context.RenderNumber:
        """Numbers for a part that is made at run time."""
        number = self._render_ids
        self._render_ids += 1
        return context.RenderNumber(number, number)

    def next_fn_id(self, key: Any = None) -> int:
        """The next number for a listener, whatever its key."""
        number = self._fn_ids
        self._fn_ids += 1
        return number

    def adopt(self, block: Block) -> Block:
        """Register a block under a number of this page. Returns the block."""
        self.version += 1
        holder = self.blocks.get(block._id)
        if block._root is not self or (holder is not None and holder is not block):
            block._id = self.next_id()
            block._root = self
        self.blocks[block._id] = block
        block.page_path = self.current_page
        self.keeps_shown = self.keeps_shown or block.links_page
        return block

    def function_key(self, fn: Callable[..., Any]) -> FunctionKey:
        """What names a function of a listener, in every process that declares this page."""
        return self.functions.of(getattr(fn, "_same_as", fn))

    def add_dependency(self, dependency: Dependency) -> None:
        """Register a listener."""
        self.version += 1
        if len(self.pages) > 1 and (others := strangers(self.current_page, (*dependency.inputs, *dependency.outputs))):
            warn(
                f"The listener {dependency.name} stands on another page than {others[0].described} and does not happen "
                "in the browser, which has one page at a time. Share a value between pages by gr.State.",
            )
        self._unplaced += unplaced(dependency)
        if path := self.current_page:
            needed = both(self.page_permissions.get(path), dependency.permission)
            dependency = replace(dependency, page_path=path, permission=needed)
        self.dependencies[dependency.id] = dependency

    def free_api_name(self, wanted: str) -> str:
        """`wanted`, or with the first free suffix `_1`, `_2`, …"""
        return free_name(wanted, self._names)

    def render(self) -> Block:
        """Place a finished Blocks inside the one that is open: its children and its listeners move in.

        Raises:
            DuplicateBlockError: it, or one of its components, is in there already.
        """
        outer, container = context.root.get(), context.parent.get()
        if outer is None or container is None or outer is self:
            return self
        if not isinstance(outer, DeclaredPage):
            raise DeclarationError("A finished Blocks cannot be placed by a function of gr.render: build it inside.")
        shared = [block for block in self.blocks.values() if outer.blocks.get(block._id) is block and block is not self]
        if shared or outer.blocks.get(self._id) is self:
            culprit = shared[0] if shared else self
            raise DuplicateBlockError(
                f"A block with id: {culprit._id} has already been rendered in the current Blocks."
            )
        mine = list(self.blocks.values())
        container.add(self)
        for block in mine:
            outer.adopt(block)
        self._move_listeners(outer)
        outer.unload_fns.extend(self.unload_fns)
        outer.ready_fns.extend(self.ready_fns)
        outer.extra_startup_events.extend(self.extra_startup_events)
        self.is_rendered = True
        return self

    def _move_listeners(self, outer: DeclaredPage) -> None:
        numbers = {old: outer.next_fn_id() for old in self.dependencies}
        for old, dependency in self.dependencies.items():
            after = dependency.trigger_after
            targets = tuple(
                Target(outer, target.event) if target.block is self else target for target in dependency.targets
            )
            outer.add_dependency(
                replace(
                    dependency,
                    id=numbers[old],
                    targets=targets,
                    function=outer.function_key(dependency.fn) if dependency.fn is not None else None,
                    api_name=outer.free_api_name(dependency.api_name),
                    cancels=tuple(numbers[number] for number in dependency.cancels),
                    trigger_after=numbers[after] if after is not None else None,
                    renders=replace(dependency.renders, at=outer.rendering_number(dependency.renders.container.key))
                    if dependency.renders is not None
                    else None,
                )
            )

    def unload(self, fn: Callable[..., Any]) -> Callable[..., Any]:
        """Run `fn` once when a visitor closes or reloads the page, or stays away after the connection was lost.

        It takes nothing, or the visitor's gr.Request; its result is ignored. Returns `fn`, so it decorates, too.
        """
        if not callable(fn):
            raise DeclarationError(f"Blocks.unload() takes a function, not {fn!r}.")
        self.unload_fns.append(fn)
        return fn

    def worker_ready(self, fn: Callable[[], Any]) -> Callable[[], Any]:
        """Run `fn` once in each process that runs functions of the app, before the first of them: to load a model.

        Where functions run in workers, web processes never run it. Events wait for it, outside of their `time_limit`;
        when it fails, they fail, and the next one tries again. It takes nothing. Returns `fn`, so it decorates, too.
        """
        if not callable(fn):
            raise DeclarationError(f"Blocks.worker_ready() takes a function, not {fn!r}.")
        self.ready_fns.append(fn)
        return fn

    def queue(
        self,
        status_update_rate: float | Literal["auto"] = "auto",
        api_open: bool | None = None,
        max_size: int | None = None,
        concurrency_count: int | None = None,
        *,
        default_concurrency_limit: int | Literal["not_set"] | None = "not_set",
        per_user_limit: int | None = None,
    ) -> Self:
        """Set how events wait. The queue is on without it. Returns the Blocks.

        Args:
            status_update_rate: seconds between two notices of the place in the queue; "auto" tells each change.
            api_open: how direct POSTs of programs are treated: None lets them wait for their turn and count in every
                limit as events in the queue do, True runs them at once, False refuses those of queued functions.
            max_size: how many events may wait, of all functions together; None is no limit.
            concurrency_count: deprecated, refused.
            default_concurrency_limit: how many events of one function run at once unless its listener says so;
                None is no limit, "not_set" reads GRADIO_DEFAULT_CONCURRENCY_LIMIT, else 1.
            per_user_limit: how many events of one visitor run at once, of all functions together; what is more is
                deferred and holds up nobody. A visitor is who has logged in, else a tab. Not in Gradio.
        """
        self.queue_options = queue_options(
            status_update_rate, api_open, max_size, concurrency_count, default_concurrency_limit, per_user_limit
        )
        return self

    # -- looking -----------------------------------------------------------------------------------------------------

    @property
    def has_title(self) -> bool:
        """Whether its author has given it one."""
        return self.title != "Gradio" or bool(self._given.get("title"))

    @property
    def page(self) -> DeclaredPage:
        """The page that blocks made here belong to: this one."""
        return self

    @property
    def fns(self) -> dict[int, Dependency]:
        """Gradio's name of the listeners."""
        return self.dependencies

    @property
    def listened_states(self) -> frozenset[int]:
        """Ids of the states whose change somebody listens to."""
        if self._listened[0] != self.version:
            ids = {
                target.block._id
                for dependency in self.dependencies.values()
                for target in dependency.targets
                if target.event == "change" and getattr(target.block, "stateful", False) and target.block is not None
            }
            self._listened = (self.version, frozenset(ids))
        return self._listened[1]

    def get_component(self, id: int) -> Block:
        """The block with the number `id`."""
        return self.blocks[id]

    def __repr__(self) -> str:
        lines = [f"Gradio Blocks instance: {len(self.dependencies)} backend functions", "-" * 40]
        for number, dependency in self.dependencies.items():
            if dependency.fn is None:
                continue
            lines += [f"fn_index={number}", " inputs:"]
            lines += [f" |-{block!r}" for block in dependency.inputs]
            lines += [" outputs:", *(f" |-{block!r}" for block in dependency.outputs)]
        return "\n".join(lines)
