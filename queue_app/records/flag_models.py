"""Flags as rows: what visitors marked, and the copies of files that go with them.

Unlike events they are written at once and kept until an operator deletes them. See `queue_app.records.flags`.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

NAME = 200  # characters of names and ids; longer ones are cut


def _index(name: str, *fields: str) -> models.Index:
    """The newest first for each value of `fields`."""
    return models.Index(fields=[*fields, "-created", "-id"], name=f"blocks_flag_{name}")


class Flag(models.Model):
    """One flag: the values of an app's components, an option, who and when."""

    mount = models.CharField("app", max_length=NAME, blank=True)
    name = models.CharField("interface", max_length=NAME, blank=True)
    option = models.CharField(max_length=NAME, blank=True)
    username = models.CharField("user", max_length=NAME, blank=True)
    identity = models.CharField(max_length=NAME, blank=True, db_index=True)
    session = models.CharField(max_length=NAME, blank=True)
    payer = models.CharField("account", max_length=32, blank=True)
    created = models.DateTimeField("flagged")
    excerpt = models.CharField("values", max_length=NAME, blank=True)
    values = models.TextField(help_text="JSON list: role, label, kind and value of each component.")
    columns = models.TextField(help_text="JSON list: what the values are called.")
    size = models.PositiveIntegerField(default=0, help_text="Characters of the values.")
    file_count = models.PositiveIntegerField("files", default=0)

    class Meta:
        ordering = ("-created", "-id")
        default_permissions = ("view", "delete")
        permissions = (("export_flag", "Can export flags"),)
        indexes: ClassVar = [
            _index("newest"),
            _index("mount", "mount"),
            _index("name", "name"),
            _index("option", "option"),
            _index("user", "username"),
            _index("payer", "payer"),
        ]

    def __str__(self) -> str:
        return f"flag {self.pk}"


class FlagFile(models.Model):
    """A copy of a file that a flag's values name. It is in the store for as long as this row is here."""

    flag = models.ForeignKey(Flag, models.CASCADE, related_name="files")
    file_id = models.CharField(max_length=22, unique=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"file of flag {self.flag_id}"
