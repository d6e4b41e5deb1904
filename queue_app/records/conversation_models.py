"""Conversations that visitors have had with apps, where the app keeps them: see `queue_app.records.conversations`."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

NAME = 200  # characters of names and titles; longer ones are cut


class Conversation(models.Model):
    """One conversation of one visitor with one app. What was said is JSON, files in it are those of the visitor."""

    number = models.CharField("id", max_length=22, unique=True)
    owner = models.CharField(max_length=NAME, help_text="Who alone may open it.")
    mount = models.CharField("app", max_length=NAME)
    title = models.CharField(max_length=NAME)
    messages = models.TextField()
    version = models.PositiveIntegerField(default=1)
    created = models.DateTimeField()
    updated = models.DateTimeField()

    class Meta:
        ordering = ("-updated", "-id")
        default_permissions = ("view", "delete")
        indexes: ClassVar = [
            models.Index(fields=["-updated", "-id"], name="blocks_talk_newest"),
            models.Index(fields=["owner", "mount", "-updated", "-id"], name="blocks_talk_owner"),
            models.Index(fields=["mount", "-updated", "-id"], name="blocks_talk_mount"),
        ]

    def __str__(self) -> str:
        return f"conversation {self.pk}"
