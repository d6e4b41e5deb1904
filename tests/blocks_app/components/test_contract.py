"""The contract that every component keeps; a new one is covered as soon as it is in blocks_app.components."""

from __future__ import annotations

import inspect
import json
import re
from typing import Any

import jsonschema
import pytest

import blocks_app as gr
from blocks_app.options import BlockOptions, ComponentOptions, FieldOptions, FormOptions, PlacedOptions
from blocks_app.tree.block import option_names

from . import contract

CLASSES = contract.component_classes()
each = pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
each_known = pytest.mark.parametrize(
    "cls", [cls for cls in CLASSES if cls.__name__ in contract.GRADIO], ids=lambda cls: cls.__name__
)


@each
def test_its_example_passes_both_ways(cls: type[gr.Component]) -> None:
    component = contract.make(cls)
    component.preprocess(component.example_payload())
    json.dumps(component.postprocess(component.example_value()))


@each
def test_its_config_is_json_without_none(cls: type[gr.Component]) -> None:
    component = contract.make(cls)
    shown = json.loads(json.dumps(component.props(), default=str))  # a text may be another one in each language
    assert None not in shown.values()
    assert shown["name"] == component.get_block_name()
    json.dumps(component.initial_value(), default=str)


@each
def test_an_empty_value_passes(cls: type[gr.Component]) -> None:
    json.dumps(contract.make(cls).postprocess(None))


@each
def test_every_parameter_is_documented(cls: type[gr.Component]) -> None:
    sentences = contract.sentences(cls)
    missing = [p.name for p in contract.own_parameters(cls) if not sentences.get(p.name)]
    assert cls.__doc__
    assert not missing, f"{cls.__name__} says nothing about {missing}"


@pytest.mark.parametrize("cls", [BlockOptions, PlacedOptions, ComponentOptions, FieldOptions, FormOptions])
def test_every_shared_option_is_documented(cls: type[Any]) -> None:
    source = inspect.getsource(cls)
    declared = re.findall(r"^    (\w+): ", source, re.MULTILINE)
    assert declared == re.findall(r'^    (\w+): .*\n    """\S', source, re.MULTILINE)


@each
def test_every_parameter_has_an_effect(cls: type[gr.Component]) -> None:
    plain = contract.make(cls)
    for parameter in contract.own_parameters(cls):
        if parameter.name in contract.ELSEWHERE or (value := contract.another_value(cls, parameter)) is None:
            continue
        needed = contract.WITH.get(f"{cls.__name__}.{parameter.name}", {})
        changed = contract.make(cls, **{parameter.name: value}, **needed)
        assert getattr(changed, parameter.name) != getattr(plain, parameter.name), parameter.name
        if parameter.name not in cls.private_options:
            assert changed.props().get(parameter.name) != plain.props().get(parameter.name), parameter.name


@each
def test_shared_options_reach_the_page(cls: type[gr.Component]) -> None:
    options: dict[str, Any] = {
        "visible": False,
        "interactive": False,
        "elem_id": "mine",
        "elem_classes": "red",
        "label": "Its label",
        "info": "Some help",
        "scale": 2,
        "min_width": 300,
        "show_label": False,
        "container": False,
        "key": "k",
    }
    known = {
        name: value
        for name, value in options.items()
        if contract.accepts(cls, name) and not contract.named(cls, name, contract.READ_AS_OTHERS)
    }
    shown = contract.make(cls, **known).props()
    expected = {**known, **({"elem_classes": ["red"]} if "elem_classes" in known else {})}
    assert {name: shown.get(name) for name in known} == expected


@each
def test_unknown_options_are_refused(cls: type[gr.Component]) -> None:
    with pytest.raises(TypeError, match="colour_of_the_sea"):
        contract.make(cls, colour_of_the_sea="blue")


@each
def test_its_events_can_be_listened_to(cls: type[gr.Component]) -> None:
    with gr.Blocks() as demo:
        component = contract.make(cls)
        its_own = len(demo.dependencies)
        for event in cls.events:
            getattr(component, event.name)(lambda: None)
    listeners = demo.get_config_file()["dependencies"][its_own:]
    targets = [target for dependency in listeners for target in dependency["targets"]]
    assert [name for block, name in targets if block == component._id] == [event.name for event in cls.events]


@each
def test_a_listener_leaves_its_flag(cls: type[gr.Component]) -> None:
    for event in cls.events:
        with gr.Blocks():
            component = contract.make(cls)
            getattr(component, event.name)(lambda: None)
        assert event.flag is None or component.props()[event.flag] is True


@each
def test_its_schema_is_valid(cls: type[gr.Component]) -> None:
    component = contract.make(cls)
    if cls.skip_api:
        return  # it never appears in the API
    for schema in (component.api_info(), component.api_info_as_input(), component.api_info_as_output()):
        assert not list(boolean_additional_properties(schema)), "the Python client fails on these"
        if cls.__name__ not in contract.ODD_SCHEMAS:
            jsonschema.Draft202012Validator.check_schema(schema)
            jsonschema.validate(component.example_payload(), schema)


def boolean_additional_properties(schema: Any) -> Any:
    if isinstance(schema, dict):
        if isinstance(schema.get("additionalProperties"), bool):
            yield schema
        for part in schema.values():
            yield from boolean_additional_properties(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from boolean_additional_properties(part)


@each
def test_an_update_of_any_option_reaches_the_page(cls: type[gr.Component]) -> None:
    component = contract.make(cls)
    if not contract.accepts(cls, "visible"):
        return
    duplicate = component.copy_with({"visible": False})
    assert duplicate.props() == {**component.props(), "visible": False}


@each_known
def test_it_takes_what_gradio_takes(cls: type[gr.Component]) -> None:
    theirs = contract.GRADIO[cls.__name__]
    assert not set(theirs["params"]) - option_names(cls)
    positional = [p.name for p in contract.own_parameters(cls) if p.kind is p.POSITIONAL_OR_KEYWORD]
    assert positional[: len(theirs["positional"])] == theirs["positional"]


@each_known
def test_its_defaults_are_gradios(cls: type[gr.Component]) -> None:
    theirs = contract.GRADIO[cls.__name__]["params"]
    ours = {p.name: repr(p.default) for p in contract.own_parameters(cls) if p.name in theirs}
    known = {name: value for name, value in ours.items() if not contract.named(cls, name, contract.OTHER_DEFAULTS)}
    assert known == {name: theirs[name] for name in known}


@each_known
def test_it_has_gradios_events_and_wire_name(cls: type[gr.Component]) -> None:
    theirs = contract.GRADIO[cls.__name__]
    assert cls.wire_name == contract.OTHER_WIRE_NAMES.get(cls.__name__, theirs["wire_name"])
    ours = [event.name for event in cls.events]
    assert [name for name in ours if name in theirs["events"]] == list(dict.fromkeys(theirs["events"]))
