"""Guests and what they wrote."""

from datetime import date

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone


def today() -> date:
    """The day, where the site is."""
    now = timezone.now()
    return (timezone.localtime(now) if timezone.is_aware(now) else now).date()


class Guest(models.Model):
    """An entry of the guest book."""

    class Room(models.TextChoices):
        """Where a guest has stayed."""

        GARDEN = "garden", "Garden room"
        TOWER = "tower", "Tower room"
        SUITE = "suite", "Suite"

    name = models.CharField(max_length=60, help_text="As others shall read it")
    room = models.CharField(max_length=10, choices=Room.choices, default=Room.GARDEN)
    nights = models.PositiveSmallIntegerField(
        default=1, validators=[MinValueValidator(1), MaxValueValidator(90)], help_text="1 to 90"
    )
    left = models.DateField("departure", default=today)
    text = models.TextField("what you liked", max_length=500)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["name", "left"], name="one_entry", violation_error_message="This guest has written already."
            )
        ]

    def __str__(self) -> str:
        return self.name
