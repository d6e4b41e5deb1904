"""The way from Redis to a worker: a Celery message that has nothing but the name of a work."""

from __future__ import annotations

from functools import cache
from typing import cast

from celery import Celery
from django.utils.module_loading import import_string

from queue_app import conf

TASK = "blocks.run"
#: The Celery queue of works that are not sent to another one.
QUEUE = "blocks"


def send(mount: str, work: str, queue: str) -> None:
    """Hand a work to whoever takes it first. May wait for the broker."""
    _app().send_task(TASK, (mount, work), queue=queue or QUEUE, ignore_result=True)


@cache
def made(broker: str) -> Celery:
    """A Celery app of ours."""
    app = Celery("blocks", set_as_current=False)
    app.conf.update(
        broker_url=broker,
        task_default_queue=QUEUE,
        task_ignore_result=True,
        worker_prefetch_multiplier=1,
        broker_connection_retry_on_startup=True,
        worker_hijack_root_logger=False,
    )
    return app


def _app() -> Celery:
    """The app by which works are sent: the site's own, where it names one."""
    named = conf.celery_app()
    return cast(Celery, import_string(named)) if named else made(conf.redis_url())
