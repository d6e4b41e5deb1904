"""Visitors' files as rows: whose each is, how large, until when; and what each account has used of its quota.

Unlike the event log's rows these are not written behind: a file is there when its row is. See
`queue_app.records.db_file_registry`.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from queue_app.sessions.session_hash import partly

NAME = 200  # characters of names and ids; longer ones are cut


class StoredFile(models.Model):
    """One uploaded or produced file. Its bytes lie in the storage, in a folder named by `file_id`."""

    file_id = models.CharField("id", max_length=22, unique=True)
    name = models.CharField("stored name", max_length=255)
    orig_name = models.CharField("name", max_length=255)
    size = models.BigIntegerField()
    mime = models.CharField("type", max_length=NAME)
    owner = models.CharField(max_length=NAME, blank=True, help_text="Who alone may read it; empty: who knows the id.")
    session = models.CharField(max_length=NAME, blank=True)
    mount = models.CharField("app", max_length=NAME, blank=True)
    made = models.BooleanField("made by a function", default=False)
    payer = models.CharField("account", max_length=32, blank=True)
    created = models.DateTimeField()
    expires = models.DateTimeField(null=True, blank=True)
    place = models.CharField(max_length=255, blank=True, help_text="The storage, or the machine and its folder.")

    class Meta:
        ordering = ("-created", "-id")
        default_permissions = ("view", "delete")
        verbose_name = "file"
        verbose_name_plural = "files"
        indexes: ClassVar = [
            models.Index(fields=["-created", "-id"], name="blocks_file_newest"),
            models.Index(fields=["mount", "-created", "-id"], name="blocks_file_mount"),
            models.Index(fields=["made", "-created", "-id"], name="blocks_file_made"),
            models.Index(fields=["owner", "-created", "-id"], name="blocks_file_owner"),
            models.Index(fields=["session", "-created", "-id"], name="blocks_file_session"),
            models.Index(fields=["orig_name", "-created", "-id"], name="blocks_file_name"),
            models.Index(fields=["expires"], name="blocks_file_expires"),
        ]

    def __str__(self) -> str:
        return f"{partly(self.file_id)} {self.orig_name}"


class FileAccount(models.Model):
    """What the files on one account take. One row, so that two uploads at once cannot both take the last of a quota."""

    payer = models.CharField(max_length=32, primary_key=True)
    used = models.BigIntegerField(default=0)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.payer
