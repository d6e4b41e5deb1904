"""A request that meets connections which the server has closed meanwhile goes out again, and no other does."""

from __future__ import annotations

import pytest

from blocks_client._core.http import Request, Response, Send, sent
from blocks_client._exceptions import TransportError


def lost(*, stale: bool) -> TransportError:
    error = TransportError("Server disconnected without sending a response.")
    error.stale = stale
    return error


def test_however_many_kept_connections_are_closed_the_request_goes_out_on_one_that_is_not() -> None:
    flow = sent(Send(Request("POST", "http://app/queue/join", {})))
    command = next(flow)
    assert [flow.throw(lost(stale=True)) for _ in range(40)] == [command] * 40
    with pytest.raises(StopIteration) as end:
        flow.send(answer := Response(200, {}, b"", "http://app/queue/join", {}))
    assert end.value.value is answer


def test_one_that_had_a_connection_of_its_own_may_have_been_done_and_is_told() -> None:
    flow = sent(Send(Request("POST", "http://app/queue/join", {})))
    next(flow)
    with pytest.raises(TransportError, match="without sending"):
        flow.throw(lost(stale=False))
