"""From a page's listeners to named endpoints: what programs can call, with parameters, results and types."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from blocks_app import jsonable
from blocks_app.files import file_data
from blocks_app.listeners.dependency import Dependency
from blocks_app.page.schema_types import type_text
from blocks_app.tree.component import Component

if TYPE_CHECKING:
    from blocks_app.declaration.declared_page import DeclaredPage

#: Keywords of the client's own `predict` and `submit`; a parameter of that name could not be given by keyword.
RESERVED = frozenset({"api_name", "fn_index", "result_callbacks", "headers"})


def api_info(blocks: DeclaredPage, all_endpoints: bool = False, pages: Collection[str] | None = None) -> dict[str, Any]:
    """The answer of `/info`: public endpoints, with `all_endpoints` the undocumented too, private ones never.

    Of the pages with these paths alone, where they are given: defaults are what stands there.
    """
    named = {
        f"/{dependency.api_name}": _endpoint(dependency)
        for dependency in blocks.dependencies.values()
        if _listed(dependency, all_endpoints) and (pages is None or dependency.page_path in pages)
    }
    return {"named_endpoints": named, "unnamed_endpoints": {}}


def parameter_names(dependency: Dependency) -> list[str]:
    """One name per input, State included: the function's own where it can be given by keyword, else `param_N`."""
    own: tuple[str, ...] = ()
    if dependency.info is not None and not dependency.inputs_as_dict:
        own = dependency.info.parameters
    names = [own[index] if index < len(own) else f"param_{index}" for index in range(len(dependency.inputs))]
    return [f"param_{index}" if name in RESERVED else name for index, name in enumerate(names)]


def _listed(dependency: Dependency, all_endpoints: bool) -> bool:
    if dependency.fn is None or dependency.visibility == "private":
        return False
    if not all(block.is_rendered for block in (*dependency.inputs, *dependency.outputs)):
        return False
    return dependency.visibility == "public" or all_endpoints


def _endpoint(dependency: Dependency) -> dict[str, Any]:
    names = parameter_names(dependency)
    outputs = [block for block in dependency.outputs if isinstance(block, Component)]
    return {
        "parameters": [
            _parameter(dependency, component, name)
            for component, name in zip(dependency.inputs, names)
            if not component.skip_api
        ],
        "returns": [_return(component) for component in outputs if not component.skip_api],
        "show_api": dependency.visibility == "public",
        "api_visibility": dependency.visibility,
        "description": dependency.description,
    }


def _parameter(dependency: Dependency, component: Component, name: str) -> dict[str, Any]:
    schema = jsonable.plain(component.api_info_as_input())
    has_default, default = _default(dependency, component, name)
    return {
        "label": _label(component, "parameter"),
        "parameter_name": name,
        "parameter_has_default": has_default,
        "parameter_default": jsonable.plain(default),
        "type": schema,
        "python_type": {"type": type_text(schema), "description": schema.get("description", "")},
        "component": component_name(component),
        "example_input": jsonable.plain(component.example_payload()),
    }


def _return(component: Component) -> dict[str, Any]:
    schema = jsonable.plain(component.api_info_as_output())
    return {
        "label": _label(component, "value"),
        "type": schema,
        "python_type": {"type": type_text(schema), "description": schema.get("description", "")},
        "component": component_name(component),
    }


def _default(dependency: Dependency, component: Component, name: str) -> tuple[bool, Any]:
    with file_data.use(file_data.current.get() or file_data.FileContext()):
        may_be_left_out, value = component.api_default()
    if may_be_left_out:
        return True, value
    info = dependency.info
    if info is not None and name in info.defaults and info.defaults[name] is None:
        return True, None
    return False, None


def component_name(component: Component) -> str:
    """How clients are told the class: only the first letter is a capital, as in `Checkboxgroup`."""
    return (component.api_type_name or component.get_block_name()).capitalize()


def _label(component: Component, kind: str) -> str:
    """A component's label in the language of now, where it is a text that is translated when it is shown."""
    return str(component.label) if component.label else f"{kind}_{component._id}"
