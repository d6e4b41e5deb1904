"""The config: what clients need of it, and what must never be in it."""

from __future__ import annotations

import json

import pytest

import blocks_app as gr
from blocks_app.web.registry import mount, unmount


def config(**options):
    with gr.Blocks(**options) as demo:
        box = gr.Textbox(label="Name", value="Ada", elem_id="name", elem_classes="big")
        out = gr.Textbox()
        event = gr.Button().click(lambda x: x, box, out, api_name="greet")
        event.then(lambda: None, api_name=False)
        gr.State({"secret": 1})
    return demo.get_config_file()


def test_what_every_client_requires():
    made = config()
    assert (made["version"], made["protocol"], made["api_prefix"]) == ("6.31.0", "sse_v3", "/gradio_api")
    for dependency in made["dependencies"]:
        assert dependency["types"] == {"continuous": False, "generator": False, "cancel": False}
        assert all(isinstance(target, list) for target in dependency["targets"])
    assert all("type" in component and "props" in component for component in made["components"])


def test_both_vocabularies_tell_who_may_call():
    greet, private = config()["dependencies"]
    assert (greet["api_name"], greet["show_api"], greet["api_visibility"]) == ("greet", True, "public")
    assert (private["api_name"], private["show_api"], private["api_visibility"]) == (False, False, "private")


def test_chains_name_what_they_follow():
    greet, then = config()["dependencies"]
    assert then["targets"] == [[None, "then"]]
    assert then["trigger_after"] == greet["id"]


def test_state_values_are_never_sent():
    assert "secret" not in json.dumps(config())


def test_no_schema_goes_into_the_config():
    assert "api_info" not in json.dumps(config())


def test_props_are_the_constructor_arguments_that_are_not_none():
    textbox = next(each for each in config()["components"] if each["props"].get("label") == "Name")
    props = textbox["props"]
    assert (props["value"], props["elem_id"], props["elem_classes"]) == ("Ada", "name", ["big"])
    assert "placeholder" not in props


@pytest.mark.parametrize("connected", [True, False])
def test_a_heartbeat_is_wanted_only_for_states_and_unload(connected):
    with gr.Blocks() as demo:
        gr.Textbox()
        if connected:
            demo.unload(lambda: None)
    assert demo.get_config_file()["connect_heartbeat"] is connected


def test_css_js_and_head_may_be_files(tmp_path):
    style = tmp_path / "style.css"
    style.write_text("#a { color: red }")
    made = config(css=str(style), js="() => 1", head=style)
    assert (made["css"], made["js"], made["head"]) == ("#a { color: red }", "() => 1", "#a { color: red }")


def test_title_mode_and_theme():
    made = config(title="", mode="interface", theme="SOFT")
    assert (made["title"], made["mode"], made["theme"]) == ("Gradio", "interface", "soft")


def test_a_theme_that_does_not_exist_warns_and_falls_back():
    with pytest.warns(UserWarning, match="Cannot load no/such. Caught Exception"):
        assert config(theme="no/such")["theme"] == "default"


def test_a_listener_of_an_unrendered_block_is_left_out():
    with pytest.warns(UserWarning, match="which is not on the page"), gr.Blocks() as demo:
        lost = gr.Textbox(render=False)
        gr.Button().click(lambda x: x, lost, None)
    assert demo.get_config_file()["dependencies"] == []
    assert demo.get_api_info()["named_endpoints"] == {}


def test_analytics_needs_the_exact_word(monkeypatch):
    monkeypatch.setenv("GRADIO_ANALYTICS_ENABLED", "true")
    assert gr.Blocks().analytics_enabled is False
    assert config(analytics_enabled=True)["analytics_enabled"] is False


def test_delete_cache_must_be_a_pair():
    with pytest.raises(ValueError, match="delete_cache must be"):
        gr.Blocks(delete_cache=(1,))


def test_mounts_get_keys_of_their_module_that_every_process_finds():
    first, second = gr.Blocks(), gr.Blocks()
    try:
        keys = [mount(first).key, mount(second).key]
        assert len(set(keys)) == 2
        assert all("test_config" in key for key in keys)
        assert mount(first) is first.mount
    finally:
        unmount(first)
        unmount(second)
