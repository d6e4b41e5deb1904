"""Scenarios of one page: that it comes back, leaves, is watched by another and shared by a link."""

from __future__ import annotations

from typing import Any

from tests.scale.place import Place
from tests.scale.visitor import plain


def watching(place: Place) -> Any:
    """A second page sees the event of the first."""
    with place.visitor() as visitor, visitor.page() as socket:
        event = visitor.submit(socket, "watched", "seen")
        visitor.until(socket, "process_generating", event)
        place.noted("holds seen")
        with visitor.page(f"&watch={event}", after=0) as other:
            place.go("seen")
            seen = visitor.until(other, "process_completed", event)
        return [plain(each) for each in seen if each["msg"] != "estimation"]


def a_page_that_comes_back(place: Place) -> Any:
    """It hears the rest at whichever process it comes to, and nothing twice."""
    with place.visitor() as visitor:
        with visitor.page() as socket:
            event = visitor.submit(socket, "watched", "back")
            first = visitor.until(socket, "process_generating", event)
        place.noted("holds back")
        with visitor.page() as socket:
            place.go("back")
            rest = visitor.until(socket, "process_completed", event)
        return [plain(each) for each in (*first, *rest) if each["msg"] != "estimation"]


def leaving(place: Place) -> Any:
    """Functions that tidy up run when the page has gone, and what repeats for it ends."""
    with place.visitor() as visitor:
        visitor.session = "leaving"
        with visitor.page() as socket:
            visitor.submit(socket, "tick")
            place.until(lambda: place.notes().count("tick") > 2, "ticks")
            event = visitor.submit(socket, "echo", "x")
            visitor.until(socket, "process_completed", event)
        place.noted("left leaving None")
    return place.notes().count("left leaving None")


def links(place: Place) -> Any:
    """A link to a page as functions have left it, made and opened at any process."""
    with place.visitor("linked/") as visitor, place.visitor("linked/") as other:
        visitor.values("echo", "typed")
        answer = visitor.http.get("gradio_api/deep_link", params={"session_hash": visitor.session})
        config = other.http.get("config", params={"deep_link": answer.json()}).json()
        return [each["props"].get("value") for each in config["components"] if each["type"] == "textbox"]


def the_server(place: Place) -> Any:
    """Pages and programs take all processes for one: what they know of it holds at each."""
    with place.visitor() as visitor, place.visitor("linked/") as other:
        ids = [each.get("config")["app_id"] for each in (visitor, visitor, other, other)]
        with visitor.page():
            ids.append(visitor.welcome["app_id"])
        return [each in ids[:index] for index, each in enumerate(ids)]
