"""gr.OAuthProfile and gr.OAuthToken as parameters: filled from who asks, never from what is sent."""

from __future__ import annotations

from typing import Any

import pytest

import blocks_app as gr
from blocks_app.exceptions import Error
from blocks_app.listeners.oauth import read


class Member:
    """A user without a database."""

    pk = None

    def get_full_name(self) -> str:
        return "Ann Lee"


def test_it_is_filled_from_the_user() -> None:
    profile = read(gr.OAuthProfile, gr.Request(username="ann", user=Member()), False)
    assert (profile.name, profile.username, profile["preferred_username"]) == ("Ann Lee", "ann", "ann")


@pytest.mark.parametrize("wanted", [gr.OAuthProfile, gr.OAuthToken])
@pytest.mark.parametrize("request_", [None, gr.Request()])
def test_nobody_is_none_or_a_sentence(wanted: Any, request_: gr.Request | None) -> None:
    assert read(wanted, request_, True) is None
    with pytest.raises(Error, match="needs a login"):
        read(wanted, request_, False)


def test_it_is_no_input_of_the_api() -> None:
    def greet(name: str, profile: gr.OAuthProfile | None, token: gr.OAuthToken | None = None) -> str:
        return name

    with gr.Blocks() as demo:
        text = gr.Textbox()
        text.submit(greet, text, text, api_name="greet")
    named = demo.get_api_info()["named_endpoints"]["/greet"]["parameters"]
    assert [each["parameter_name"] for each in named] == ["name"]
