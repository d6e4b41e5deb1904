"""A small library: models of the tests, whose tables stand in a database of each test's own."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import AnonymousUser, Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.test.utils import isolate_apps

with isolate_apps("tests.blocks_app.forms"):  # the site does not know them

    class Shelf(models.Model):
        """Where books stand."""

        name = models.CharField(max_length=40, unique=True)

        class Meta:
            app_label = "forms"
            verbose_name_plural = "shelves"

        def __str__(self) -> str:
            return self.name

    class Topic(models.Model):
        """What books are about."""

        name = models.CharField(max_length=40)

        class Meta:
            app_label = "forms"

        def __str__(self) -> str:
            return self.name

    class Book(models.Model):
        """A book. Its key is no number."""

        id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
        title = models.CharField(max_length=60, unique=True)
        shelf = models.ForeignKey(Shelf, models.CASCADE)
        topics = models.ManyToManyField(Topic, blank=True)
        price = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
        scan = models.FileField(upload_to="scans", blank=True)
        cover = models.ImageField(upload_to="covers", blank=True)
        owner = models.CharField(max_length=20, blank=True, default="library")

        class Meta:
            app_label = "forms"
            ordering = ["title"]

        def __str__(self) -> str:
            return self.title

    class Loan(models.Model):
        """Who has a book; while it is out, it cannot be deleted."""

        book = models.ForeignKey(Book, models.PROTECT)

        class Meta:
            app_label = "forms"

        def __str__(self) -> str:
            return f"loan of {self.book}"


TABLES = (ContentType, Permission, Group, User, Shelf, Topic, Book, Loan)


def create_tables() -> None:
    with connection.schema_editor() as editor:
        for model in TABLES:
            editor.create_model(model)


class Reader(AnonymousUser):
    """Somebody with these permissions, for everything or, as "name:pk", for one row."""

    def __init__(self, *permissions: str) -> None:
        self.permissions = set(permissions)

    is_authenticated = True  # type: ignore[assignment]

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return (f"{perm}:{obj.pk}" if obj is not None else perm) in self.permissions


def may(*actions: str, kinds: Iterable[str] = ("book",)) -> Reader:
    """A reader who may do these things."""
    return Reader(*(f"forms.{action}_{kind}" for action in actions for kind in kinds))
