"""The rows through which the processes of a site reach each other: who is there, and messages between them.

See `queue_app.cluster.message_bus`. Nothing here is needed by a site of one process.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

NAME = 100  # characters of a process's name


class Process(models.Model):
    """One server process that shares the database, as it last said of itself."""

    name = models.CharField(max_length=NAME, unique=True)
    started = models.DateTimeField()
    seen = models.DateTimeField(db_index=True)
    report = models.TextField(blank=True, help_text="JSON of its queues, written while somebody looks at them.")
    reported = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class Letter(models.Model):
    """A message of one process to another, or (without `receiver`) to all others. Not acted upon after `expires`.

    The table has the name that it was made with.
    """

    key = models.CharField(max_length=32)
    sender = models.CharField(max_length=NAME)
    receiver = models.CharField(max_length=NAME, blank=True)
    kind = models.CharField(max_length=20)
    body = models.TextField(blank=True)
    expires = models.DateTimeField()

    class Meta:
        default_permissions = ()
        indexes: ClassVar = [models.Index(fields=["receiver", "expires"], name="blocks_letter_mine")]

    def __str__(self) -> str:
        return f"{self.kind} to {self.receiver or 'all'}"
