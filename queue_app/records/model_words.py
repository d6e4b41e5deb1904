"""What models call themselves and their fields, in the operator's language.

Translated when the apps are ready and not where the models stand, so that no migration tells of words.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Model
from django.utils.translation import gettext_lazy

#: How events and groups stand, as the admin says it.
STATES = {
    "queued": gettext_lazy("waiting"),
    "waiting": gettext_lazy("waiting"),
    "running": gettext_lazy("running"),
    "done": gettext_lazy("done"),
    "failed": gettext_lazy("failed"),
    "cancelled": gettext_lazy("cancelled"),
    "open": gettext_lazy("open"),
    "paused": gettext_lazy("paused"),
    "draining": gettext_lazy("draining"),
    "ending": gettext_lazy("ending"),
}


def translate(models: Iterable[type[Model]]) -> None:
    """Let each model's names, and those and the explanations of its fields, be looked up when they are shown."""
    for model in models:
        options = model._meta
        options.verbose_name = gettext_lazy(str(options.verbose_name))
        options.verbose_name_plural = gettext_lazy(str(options.verbose_name_plural))
        for each in options.fields:
            each.verbose_name = gettext_lazy(str(each.verbose_name))
            if each.help_text:
                each.help_text = gettext_lazy(str(each.help_text))
