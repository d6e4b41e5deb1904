"""Works are sent by Redis itself where it is the broker, in the words of Celery."""

from __future__ import annotations

import json
from typing import Any

import pytest
from celery import Celery
from celery.signals import before_task_publish

from queue_app import conf
from queue_app.engines.sending import TASK, made, message

site = Celery("site", set_as_current=False)


def test_redis_sends_what_celery_would_send() -> None:
    ours = json.loads(message("page").replace("@WORK@", "7").replace("@ID@", "x"))
    theirs = made(conf.redis_url()).amqp.as_task_v2("x", TASK, ("page", "7"), ignore_result=True)
    assert json.loads(ours["body"])[:2] == [list(theirs.body[0]), theirs.body[1]]
    for name in ("task", "id", "root_id", "argsrepr", "ignore_result", "retries", "timelimit"):
        assert ours["headers"][name] == theirs.headers[name]
    assert ours["headers"].keys() <= theirs.headers.keys()


@pytest.mark.parametrize(
    "options",
    [
        {"broker_url": "amqp://localhost"},
        {"broker_transport_options": {"global_keyprefix": "mine:"}},
        {"task_send_sent_event": True},
        {"accept_content": ["pickle"]},
    ],
    ids=str,
)
def test_celery_sends_where_a_sites_own_app_wants_more(settings: Any, options: dict[str, Any]) -> None:
    settings.BLOCKS_CELERY_APP = f"{__name__}.site"
    site.conf.update(broker_url=conf.redis_url(), broker_transport_options={}, task_send_sent_event=False)
    site.conf.accept_content = ["json"]
    assert message("page")
    site.conf.update(options)
    assert message("page") == ""


def test_celery_sends_where_somebody_hears_of_it(settings: Any) -> None:
    settings.BLOCKS_CELERY_APP = f"{__name__}.site"
    site.conf.update(broker_url=conf.redis_url(), broker_transport_options={}, task_send_sent_event=False)
    site.conf.accept_content = ["json"]

    def hears(**_: object) -> None:
        """As those who watch what is sent do."""

    before_task_publish.connect(hears)
    assert message("page") == ""
    before_task_publish.disconnect(hears)
    assert message("page")
