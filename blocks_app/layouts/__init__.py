"""Layouts: where blocks stand.

For pages, for the frames around inputs and for parts that `gr.render` builds.

Interface: the names of this package.
"""

from __future__ import annotations

from blocks_app.layouts.accordion import Accordion
from blocks_app.layouts.column import Column
from blocks_app.layouts.draggable import Draggable
from blocks_app.layouts.form import Form
from blocks_app.layouts.group import Group
from blocks_app.layouts.row import Row
from blocks_app.layouts.sidebar import Sidebar
from blocks_app.layouts.tabs import Tab, TabItem, Tabs
from blocks_app.layouts.walkthrough import Step, Walkthrough

__all__ = [
    "Accordion",
    "Column",
    "Draggable",
    "Form",
    "Group",
    "Row",
    "Sidebar",
    "Step",
    "Tab",
    "TabItem",
    "Tabs",
    "Walkthrough",
]
