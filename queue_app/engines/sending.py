"""The way from Redis to a worker: a Celery message that has nothing but the name of a work.

Where Celery's broker is the Redis that decides, the script that starts a work puts the message into the workers' queue
itself, as Celery would: neither a process nor a moment is between, and web processes need no Celery. To other brokers
Celery sends it.
"""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, cast

from django.utils.module_loading import import_string

from queue_app import conf
from queue_app.engines.worker_registry import QUEUE

if TYPE_CHECKING:
    from celery import Celery

TASK = "blocks.run"


def send(mount: str, work: str, queue: str) -> None:
    """Hand a work to whoever takes it first, by Celery. May wait for the broker."""
    site_app().send_task(TASK, (mount, work), queue=queue or QUEUE, ignore_result=True)


def message(mount: str) -> str:
    """What the script sends, with @ID@, @WORK@ and @QUEUE@ in it; "" where Celery has to."""
    if conf.celery_app() and not _takes_ours(site_app()):
        return ""
    headers = {"lang": "py", "task": TASK, "id": "@ID@", "root_id": "@ID@", "parent_id": None, "group": None}
    more = {"retries": 0, "eta": None, "expires": None, "timelimit": [None, None], "ignore_result": True}
    shown = {"argsrepr": repr((mount, "@WORK@")), "kwargsrepr": "{}", "origin": "blocks"}
    delivered = {"delivery_mode": 2, "delivery_info": {"exchange": "", "routing_key": "@QUEUE@"}, "priority": 0}
    return json.dumps(
        {
            "body": json.dumps([[mount, "@WORK@"], {}, {}]),
            "content-encoding": "utf-8",
            "content-type": "application/json",
            "headers": {**headers, **more, **shown},
            "properties": {"correlation_id": "@ID@", "reply_to": "", "delivery_tag": "@ID@", **delivered},
        }
    )


def _takes_ours(app: Celery) -> bool:
    """Whether a site's own app has the same Redis as its broker, and nobody who wants to hear of messages before."""
    from celery.signals import after_task_publish, before_task_publish

    options = app.conf
    broker, elsewhere = options.broker_write_url or options.broker_url, options.broker_transport_options or {}
    hears = before_task_publish.receivers or after_task_publish.receivers or options.task_send_sent_event
    is_plain = "json" in options.accept_content and not elsewhere.get("global_keyprefix")
    return bool(broker == conf.redis_url() and is_plain and not hears)


@cache
def made(broker: str) -> Celery:
    """A Celery app of ours."""
    from celery import Celery

    app = Celery("blocks", set_as_current=False)
    app.conf.update(
        broker_url=broker,
        task_default_queue=QUEUE,
        task_ignore_result=True,
        worker_prefetch_multiplier=1,
        # Leases tell what a worker has not begun, and Redis who is next.
        broker_transport_options={"ack_emulation": False, "priority_steps": [0]},
        broker_connection_retry_on_startup=True,
        worker_hijack_root_logger=False,
    )
    return app


def site_app() -> Celery:
    """The app by which works are sent: the site's own, where it names one."""
    named = conf.celery_app()
    return cast("Celery", import_string(named)) if named else made(conf.redis_url())
