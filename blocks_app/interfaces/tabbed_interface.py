"""TabbedInterface: several apps, one behind each tab."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

from blocks_app.blocks import Blocks
from blocks_app.exceptions import ArgumentTypeError
from blocks_app.interfaces.panels.layout import heading
from blocks_app.interfaces.panels.placing import place
from blocks_app.layouts import Tab, Tabs


class TabbedInterface(Blocks):
    """Several apps, such as gr.Interface, gr.ChatInterface and gr.Blocks, one behind each tab."""

    is_template: ClassVar[bool] = True

    def __init__(
        self,
        interface_list: Sequence[Blocks],
        tab_names: Sequence[str] | None = None,
        title: str | None = None,
        theme: Any = None,
        analytics_enabled: bool | None = None,
        css: str | Path | None = None,
        js: str | Path | None = None,
        head: str | Path | None = None,
        *,
        tabs_kwargs: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        """Put apps behind tabs; their own themes, styles and scripts do not come with them.

        Args:
            interface_list: the apps.
            tab_names: texts of the tabs; "Tab 0", "Tab 1" and so on unless given.
            title: heading, and the title of the browser tab.
            theme, analytics_enabled, css, js, head: as for gr.Blocks.
            tabs_kwargs: options of the gr.Tabs.
            kwargs: more options of gr.Blocks.

        Raises:
            ArgumentTypeError: something in the list is no app.
        """
        page = {"theme": theme, "css": css, "js": js, "head": head, "analytics_enabled": analytics_enabled}
        super().__init__(**{**page, "title": title or "Gradio", "mode": "tabbed_interface", **kwargs})
        apps = list(interface_list)
        for app in apps:
            if not isinstance(app, Blocks):
                raise ArgumentTypeError(f"A TabbedInterface is made of apps such as gr.Interface, not of {app!r}.")
        names = [f"Tab {number}" for number in range(len(apps))]
        given = list(tab_names or ())[: len(apps)]
        names[: len(given)] = given
        with self:
            if title:
                heading(title)
            with Tabs(**(tabs_kwargs or {})):
                for app, name in zip(apps, names):
                    with Tab(name, scale=1 if app.fill_height else None):
                        place(app, app.render)
