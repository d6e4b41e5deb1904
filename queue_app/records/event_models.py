"""What an operator may look up later: events, sessions, minutes, and what was done by hand.

Nothing here is needed to serve a page: `queue_app.records.event_log` writes these rows behind, in batches, and only
when the site has a database. Each list in the admin reads along one of the indices, so it does not matter how many
rows there are.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models

from queue_app.execution.job import JobState
from queue_app.records.file_models import FileAccount, StoredFile
from queue_app.records.message_models import Letter, Process
from queue_app.sessions.session_hash import partly

__all__ = ["Audit", "Event", "FileAccount", "Letter", "Minute", "Process", "Queue", "Session", "StoredFile", "Worker"]

STATES = [(state.value, state.value.capitalize()) for state in JobState]
ADDRESS = 64  # characters of a client's address
NAME = 200  # characters of names and ids; longer ones are cut


def _index(name: str, *fields: str) -> models.Index:
    """The newest first for each value of `fields`."""
    return models.Index(fields=[*fields, "-submitted", "-id"], name=f"blocks_event_{name}")


class Event(models.Model):
    """One event: who asked for which function, when, and how it ended."""

    event_id = models.CharField("id", max_length=NAME)
    mount = models.CharField("app", max_length=NAME)
    fn = models.IntegerField("function number")
    fn_name = models.CharField("function", max_length=NAME, blank=True)
    session = models.CharField(max_length=NAME, blank=True)
    identity = models.CharField(max_length=NAME, blank=True)
    username = models.CharField("user", max_length=NAME, blank=True)
    address = models.CharField(max_length=ADDRESS, blank=True)
    state = models.CharField(max_length=10, choices=STATES, default=JobState.QUEUED.value)
    submitted = models.DateTimeField()
    started = models.DateTimeField(null=True, blank=True)
    finished = models.DateTimeField(null=True, blank=True)
    wait = models.FloatField(null=True, blank=True, help_text="Seconds from submission to start.")
    duration = models.FloatField(null=True, blank=True, help_text="Seconds from start to end.")
    messages = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True)
    traceback = models.TextField(blank=True)
    inputs = models.TextField(blank=True, help_text="JSON of the inputs, kept so that the event can be tried again.")
    process = models.CharField(max_length=100, blank=True, help_text="The server process that took it.")
    kept = models.PositiveIntegerField(
        default=0, db_default=0, editable=False, help_text="Bytes of inputs and traceback."
    )
    retried_as = models.CharField("tried again as", max_length=NAME, blank=True)

    class Meta:
        ordering = ("-submitted", "-id")
        default_permissions = ("view",)
        permissions = (("cancel_event", "Can cancel events"), ("retry_event", "Can retry events"))
        constraints: ClassVar = [models.UniqueConstraint(fields=["event_id", "submitted"], name="blocks_event_once")]
        indexes: ClassVar = [
            _index("newest"),
            _index("state", "state"),
            _index("mount", "mount"),
            _index("fn", "fn_name"),
            _index("user", "username"),
            _index("session", "session"),
            _index("kept", "kept"),
        ]

    def __str__(self) -> str:
        return partly(self.event_id)


class Session(models.Model):
    """One session: a tab of a browser, or a program."""

    hash = models.CharField(max_length=NAME)
    mount = models.CharField("app", max_length=NAME)
    identity = models.CharField(max_length=NAME, blank=True)
    username = models.CharField("user", max_length=NAME, blank=True)
    address = models.CharField(max_length=ADDRESS, blank=True)
    agent = models.CharField("browser", max_length=300, blank=True)
    created = models.DateTimeField()
    seen = models.DateTimeField("last seen")
    connections = models.PositiveIntegerField(default=0)
    process = models.CharField(max_length=100, blank=True, help_text="The server process that has it.")

    class Meta:
        ordering = ("-seen", "-id")
        default_permissions = ("view",)
        permissions = (
            ("end_session", "Can end sessions"),
            ("delete_session_state", "Can delete the state of sessions"),
        )
        constraints: ClassVar = [models.UniqueConstraint(fields=["hash", "mount"], name="blocks_session_once")]
        indexes: ClassVar = [
            models.Index(fields=["-seen", "-id"], name="blocks_session_seen"),
            models.Index(fields=["mount", "-seen", "-id"], name="blocks_session_mount"),
            models.Index(fields=["username", "-seen", "-id"], name="blocks_session_user"),
        ]

    def __str__(self) -> str:
        return partly(self.hash)


class Minute(models.Model):
    """What one app did in one minute, for the charts: sums, so that no chart ever counts events."""

    mount = models.CharField("app", max_length=NAME)
    minute = models.DateTimeField()
    submitted = models.PositiveIntegerField(default=0)
    started = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    cancelled = models.PositiveIntegerField(default=0)
    waited = models.FloatField(default=0.0)
    ran = models.FloatField(default=0.0)

    class Meta:
        default_permissions = ()
        constraints: ClassVar = [models.UniqueConstraint(fields=["minute", "mount"], name="blocks_minute_once")]

    def __str__(self) -> str:
        when: datetime = self.minute
        return f"{self.mount} {when:%Y-%m-%d %H:%M}"


class Audit(models.Model):
    """One thing that an operator did: who, when, what, to what, and whether it could be done."""

    when = models.DateTimeField(auto_now_add=True, db_index=True)
    user = models.CharField(max_length=NAME)
    action = models.CharField(max_length=50)
    target = models.CharField(max_length=500)
    mount = models.CharField("app", max_length=NAME, blank=True)
    outcome = models.CharField(max_length=500)

    class Meta:
        ordering = ("-when", "-id")
        default_permissions = ("view",)
        verbose_name = "operator action"
        verbose_name_plural = "operator actions"

    def __str__(self) -> str:
        return f"{self.user}: {self.action} {self.target}"


class Queue(models.Model):
    """No table: the live queue's place in the admin and its permissions."""

    class Meta:
        managed = False
        default_permissions = ("view",)
        permissions = (("control_queue", "Can pause and drain groups and change their limits"),)
        verbose_name = "queue"
        verbose_name_plural = "live queue"

    def __str__(self) -> str:
        return "queue"


class Worker(models.Model):
    """No table: the place of processes and workers in the admin, and the permission to drain and end them."""

    class Meta:
        managed = False
        default_permissions = ("view",)
        permissions = (("control_worker", "Can drain and end processes and workers"),)
        verbose_name = "process or worker"
        verbose_name_plural = "processes and workers"

    def __str__(self) -> str:
        return "process or worker"
