"""What a visitor has open ends in every process of the site when the access ends in one of them."""

from __future__ import annotations

import json

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection

from tests.processes.conftest import PATIENCE
from tests.security.live import frames_until

ENDS = """
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
ann, cid = User.objects.get(username="ann"), User.objects.get(username="cid")
ann.is_active = False
ann.save()
User.objects.get(username="bob").delete()
cid.set_password("new")
cid.save()
Session.objects.get(pk=%r).delete()
"""


def code_at_end(socket: ClientConnection) -> int:
    """Read until the server closes; with which code."""
    with pytest.raises(ConnectionClosed) as closed:
        while True:
            socket.recv(PATIENCE)
    assert closed.value.rcvd is not None
    return closed.value.rcvd.code


def submit(socket: ClientConnection, fn: int) -> None:
    socket.send(json.dumps({"type": "submit", "event_id": "e" * 32, "fn_index": fn, "data": ["x"]}))


def test_a_logout_closes_sockets_and_streams_of_the_other_process(person) -> None:
    eve, joe = person("eve").log_in(0), person("joe").log_in(0)
    here, there, other = eve.socket(0), eve.socket(1), joe.socket(1)
    submit(there, 0)
    frames_until(there, "messages")
    eve.post(0, "app/logout")
    assert (code_at_end(here), code_at_end(there)) == (4401, 4401)
    other.send('{"type":"ping"}')
    frames_until(other, "pong")


def test_a_command_that_ends_accounts_and_sessions_closes_what_servers_have_open(site, person) -> None:
    """Deactivated, deleted, given another password, and logged out by deleting the session."""
    people = [person(name).log_in(number % 2) for number, name in enumerate(["ann", "bob", "cid", "dan"])]
    sockets = [each.socket(number) for each in people for number in (0, 1)]
    site.manage("shell", "-v", "0", "-c", ENDS % people[-1].cookies["sessionid"])
    assert {code_at_end(socket) for socket in sockets} == {4401}
