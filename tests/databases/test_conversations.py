"""Kept conversations and kept answers on SQLite and PostgreSQL: odd texts, and many at the same moment."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.contrib.auth.models import User
from django.core.management import call_command

import blocks_app as gr
from blocks_app.connections import released
from queue_app.records.conversation_models import Conversation
from queue_app.records.conversations import Conversations
from tests.databases.conftest import Site


def said(*words: str) -> list[dict[str, Any]]:
    """A conversation on the wire."""
    parts: Any = [[{"text": each, "type": "text"}] for each in words]
    roles = ("user", "assistant")
    return [
        {"role": roles[at % 2], "metadata": None, "content": each, "options": None} for at, each in enumerate(parts)
    ]


def test_devices_that_go_on_at_once_lose_no_word(site: Site, settings: Any) -> None:
    settings.USE_TZ = False
    ada = User.objects.create_user("ada")
    here = Conversations(f"user:{ada.pk}", "chat")
    begun = said("a \0 \ud83d", "b")
    opened = here.save(None, "odd \0 \ud800 title" + "x" * 300, begun)

    def go_on(number: int) -> Any:
        return released(here.save, opened, "title", [*begun, *said(f"question {number}")])

    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(go_on, range(12)))
    assert len({each["id"] for each in made}) == 12
    kept = json.dumps([here.load(number) for number, _ in here.listed()])
    assert all(f'"question {number}"' in kept for number in range(12))
    ada.delete()
    assert not Conversation.objects.exists()


def test_answers_are_kept_in_a_table(site: Site, settings: Any) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "kept"}}
    call_command("createcachetable", verbosity=0)
    ran: list[int] = []

    @gr.cache
    def odd(number: int) -> dict[str, Any]:
        ran.append(number)
        return {"number": number, "text": "\0 half \ud83d", "both": (number, None)}

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda number: released(odd, number % 3), range(24)))
    # What SQLite refuses to write while another thread does is not kept: then the function runs once more.
    assert sorted(set(ran)) == [0, 1, 2] and (site.server is None or len(ran) == 3)
    assert found[2::3] == [{"number": 2, "text": "\0 half \ud83d", "both": (2, None)}] * 8
