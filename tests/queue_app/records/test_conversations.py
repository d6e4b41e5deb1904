"""Conversations in the database: whose they are, what two devices do to one, and what operators may see."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client

import blocks_app as gr
from queue_app.records import conversations
from queue_app.records.conversation_models import Conversation
from queue_app.records.conversations import Conversations
from queue_app.records.event_models import Audit
from queue_app.testing import PageUser


def said(*words: str) -> list[dict[str, Any]]:
    """A conversation on the wire."""
    roles = ("user", "assistant")
    return [
        {"role": roles[at % 2], "metadata": None, "content": [{"text": each, "type": "text"}], "options": None}
        for at, each in enumerate(words)
    ]


@pytest.fixture
def kept(database: Path) -> None:
    """The table, in a database of the test's own."""
    with connection.schema_editor() as editor:
        editor.create_model(Conversation)


def echo(message: str, history: list[dict[str, Any]]) -> str:
    return f"{len(history)}: {message}"


def talk(page: PageUser, demo: gr.ChatInterface) -> list[str]:
    return [each["content"][0]["text"] for each in page.value(demo.chatbot)]


def titles(page: PageUser, demo: gr.ChatInterface) -> list[str]:
    assert demo.history is not None
    return [row[0] for row in page.prop(demo.history.list, "samples")]


def say(page: PageUser, demo: gr.ChatInterface, message: str) -> None:
    page.set(demo.textbox, message)
    page.submit(demo.textbox)


def open_first(page: PageUser, demo: gr.ChatInterface) -> None:
    assert demo.history is not None
    page.set(demo.history.list, 0)
    page.click(demo.history.list)


@pytest.fixture
def demo() -> Iterator[gr.ChatInterface]:
    yield gr.ChatInterface(echo, save_history=True)


def test_a_conversation_goes_on_on_another_device(kept: None, demo: gr.ChatInterface) -> None:
    side = demo.history
    assert side is not None
    with PageUser(demo, username="ada", identity_key="user:1") as phone:
        say(phone, demo, "tea")
        say(phone, demo, "milk")
        assert titles(phone, demo) == ["tea"]
        with PageUser(demo, username="ada", identity_key="user:1") as desk:
            assert titles(desk, demo) == ["tea"] and talk(desk, demo) == []
            open_first(desk, demo)
            assert talk(desk, demo) == ["tea", "0: tea", "milk", "2: milk"]
            say(desk, demo, "sugar")
            assert talk(desk, demo)[-1] == "4: sugar" and titles(desk, demo) == ["tea"]
            desk.set(side.name, "Tea  time")
            desk.submit(side.name)
            assert titles(desk, demo) == ["Tea time"]
            desk.click(side.new)
            assert talk(desk, demo) == [] and desk.prop(side.delete, "visible") is False
            say(desk, demo, "cake")
            assert titles(desk, demo) == ["cake", "Tea time"]
            desk.click(side.delete)
            assert titles(desk, demo) == ["Tea time"] and talk(desk, demo) == []
        with PageUser(demo, username="bob", identity_key="user:2") as other:
            assert titles(other, demo) == []
        say(phone, demo, "lemon")  # the desk has gone on with it: nobody's words are lost
        assert titles(phone, demo) == ["tea", "Tea time"]
    assert [row.messages.count('"role"') for row in Conversation.objects.all()] == [6, 6]


def test_a_question_is_kept_before_its_answer_and_a_new_chat_ends_that(kept: None) -> None:
    go_on = threading.Event()

    def slow(message: str, history: Any) -> Any:
        yield "half"
        go_on.wait(10)
        yield "whole"

    demo = gr.ChatInterface(slow, save_history=True)
    assert demo.history is not None
    with PageUser(demo, username="ada", identity_key="user:1") as page:
        page.set(demo.textbox, "why")
        page.submit(demo.textbox, wait=False)
        page.until(lambda: talk(page, demo) == ["why", "half"])
        assert "why" in Conversation.objects.get().messages and titles(page, demo) == ["why"]
        page.click(demo.history.new, wait=False)
        page.until(lambda: talk(page, demo) == [])
        go_on.set()
        page.wait()
        assert (talk(page, demo), page.prop(demo.textbox, "interactive")) == ([], True)
        open_first(page, demo)
        assert talk(page, demo) == ["why", "half"] and page.errors == []
        page.fire(demo.chatbot, "clear")
        assert titles(page, demo) == [] and not Conversation.objects.exists()


def test_who_renames_and_begins_another_at_once_loses_no_word(
    kept: None, demo: gr.ChatInterface, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on, rename, side = threading.Event(), threading.Event(), Conversations.rename, demo.history
    assert side is not None

    def slowly(self: Conversations, number: str, title: str) -> None:
        begun.set()
        go_on.wait(10)
        rename(self, number, title)

    monkeypatch.setattr(Conversations, "rename", slowly)
    with PageUser(demo, username="ada", identity_key="user:1") as page:
        say(page, demo, "tea")
        page.set(side.name, "Tea time")
        page.submit(side.name, wait=False)
        assert begun.wait(10)
        page.click(side.new, wait=False)
        page.until(lambda: talk(page, demo) == [])
        go_on.set()
        page.wait()
        assert (titles(page, demo), page.prop(side.delete, "visible")) == (["Tea time"], False)
        say(page, demo, "cake")
        assert titles(page, demo) == ["cake", "Tea time"] and page.errors == []
    assert sorted(row.messages.count('"role"') for row in Conversation.objects.all()) == [2, 2]


def test_clearing_deletes_and_undo_is_kept(kept: None, demo: gr.ChatInterface) -> None:
    with PageUser(demo, username="ada", identity_key="user:1") as page:
        say(page, demo, "a")
        say(page, demo, "b")
        page.fire(demo.chatbot, "undo", {"index": 2, "value": "b"})
        assert Conversation.objects.get().messages.count('"role"') == 2
        page.fire(demo.chatbot, "clear")
        assert titles(page, demo) == [] and not Conversation.objects.exists()
        assert page.errors == []


def test_a_conversation_that_was_deleted_elsewhere_is_told(kept: None, demo: gr.ChatInterface) -> None:
    with PageUser(demo, username="ada", identity_key="user:1") as page:
        say(page, demo, "a")
        Conversation.objects.all().delete()
        open_first(page, demo)
        assert page.errors == ["This conversation is not there any more."]


def test_the_number_of_another_visitors_conversation_opens_nothing(kept: None) -> None:
    mine = Conversations("user:1", "chat").save(None, "Mine", said("a", "b"))
    assert mine is not None
    for other in (Conversations("user:2", "chat"), Conversations("user:1", "other")):
        assert other.load(mine["id"]) is None
        other.rename(mine["id"], "Stolen")
        other.delete(mine["id"])
        assert other.save(mine, "Copy", said("x")) != mine
    assert Conversations("user:1", "chat").listed() == [(mine["id"], "Mine")]


def test_odd_texts_are_kept_as_they_are(kept: None) -> None:
    odd = said("\0 half \ud83d emoji", "é" * 1_000_000)
    here = Conversations("user:1", "chat")
    opened = here.save(None, "\0 \ud83d", odd)
    assert opened is not None and here.load(opened["id"]) == (odd, opened)
    assert here.save(opened, "", odd) == opened


def test_the_oldest_go_when_there_are_too_many(kept: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversations, "MOST", 3)
    here = Conversations("user:1", "chat")
    for number in range(5):
        here.save(None, f"{number}", said(f"{number}"))
    assert [title for _, title in here.listed()] == ["4", "3", "2"]


def test_without_its_table_conversations_stay_in_the_browser(
    database: Path, demo: gr.ChatInterface, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "queue_app.conversations"):
        with PageUser(demo, username="ada", identity_key="user:1") as page:
            say(page, demo, "a")
            assert titles(page, demo) == ["a"] and page.errors == []
    assert "migrate" in caplog.records[0].hint  # type: ignore[attr-defined]


@pytest.mark.django_db
def test_conversations_go_with_the_account() -> None:
    ada, bob = (User.objects.create_user(name) for name in ("ada", "bob"))
    for user in (ada, bob):
        Conversations(f"user:{user.pk}", "chat").save(None, user.username, said("a"))
    User.objects.filter(username="ada").delete()
    assert [row.title for row in Conversation.objects.all()] == ["bob"]


@pytest.mark.django_db
def test_operators_need_a_permission_of_its_own_and_reading_is_written_down() -> None:
    Conversations("user:7", "chat").save(None, "Secret", said("<b>my secret</b>", "I see."))
    row = Conversation.objects.get()
    page = f"/admin/queue_app/conversation/{row.pk}/change/"
    operator = User.objects.create_user("operator", is_staff=True)
    others = Permission.objects.filter(codename__in=["view_event", "view_session", "view_storedfile", "view_audit"])
    operator.user_permissions.add(*others)
    client = Client()
    client.force_login(operator)
    assert [client.get(each).status_code for each in (page, "/admin/queue_app/conversation/")] == [403, 403]
    operator.user_permissions.add(Permission.objects.get(codename="view_conversation"))
    listed = client.get("/admin/queue_app/conversation/").content.decode()
    assert "user:7" in listed and "secret" not in listed.lower()
    html = client.get(page).content.decode()
    assert "&lt;b&gt;my secret&lt;/b&gt;" in html and "<b>my" not in html
    assert [(each.user, each.action) for each in Audit.objects.all()] == [("operator", "read conversation")]
    assert client.post(f"/admin/queue_app/conversation/{row.pk}/delete/", {"post": "yes"}).status_code == 403
    operator.user_permissions.add(Permission.objects.get(codename="delete_conversation"))
    client.post(f"/admin/queue_app/conversation/{row.pk}/delete/", {"post": "yes"})
    assert not Conversation.objects.exists() and Audit.objects.count() == 2
