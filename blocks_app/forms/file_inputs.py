"""Fields for files: what is uploaded here reaches the form as an upload, and the file that is there is shown."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.files.utils import FileProxyMixin

from blocks_app.components import File, Image, Markdown
from blocks_app.exceptions import Error
from blocks_app.files import file_data
from blocks_app.files.filestore import guess_type
from blocks_app.forms.field_inputs import FieldInput, Sent, info_of
from blocks_app.logs import logger
from blocks_app.tree.component import Component

log = logger("blocks_app.forms")

#: Bytes of a stored file that is copied for a visitor to see; of a larger one there is the name.
LARGEST_SHOWN = 5 * 1024 * 1024
_PIECE = 1024 * 1024


class FileInput(FieldInput):
    """A file, or a picture."""

    def options(self, field: forms.Field) -> dict[str, Any]:
        found = super().options(field)
        found.pop("info")  # these components have no room for it: it stands after them
        return found

    def made(self, field: forms.Field) -> list[Component]:
        component = self._field(field)
        if field.help_text and not self.is_hidden:
            Markdown(info_of(field))
        return [component]

    def _field(self, field: forms.Field) -> Component:
        self.is_multiple = bool(getattr(field.widget, "allow_multiple_selected", False))
        if isinstance(field, forms.ImageField) and not self.is_multiple:
            return Image(**self.options(field), type="filepath", sources=["upload", "clipboard"])
        return File(**self.options(field), file_count="multiple" if self.is_multiple else "single")

    def shown(self, field: forms.Field, value: Any) -> list[Any]:
        content = content_of(value)
        return [None if content is None else file_data.publish(content, value.name.rpartition("/")[2])]

    def changes(self, field: forms.Field, value: Any, editable: bool) -> dict[str, Any]:
        if not is_stored(value):
            return {"label": label_with(self.options(field)["label"], "")}
        shown = "" if content_of(value) is not None else value.name.rpartition("/")[2]
        return {"label": label_with(self.options(field)["label"], shown)}

    def read(self, payloads: list[Any], field: forms.Field, name: str, sent: Sent, existing: Any = None) -> None:
        if field.disabled:
            return
        payload = payloads[0]
        if payload is None or payload == []:
            self._emptied(field, name, sent, existing)
            return
        if isinstance(payload, list) and not self.is_multiple:
            raise Error(f"{file_data.name_of(self.components[0])} takes one file.")
        for each in payload if isinstance(payload, list) else [payload]:
            file = file_data.receive(each, self.components[0])
            if not same_content(file.path, existing):
                size = file.path.stat().st_size
                upload = UploadedFile(file.path.open("rb"), file.name, guess_type(file.name), size)
                sent.files.appendlist(name, upload)

    def _emptied(self, field: forms.Field, name: str, sent: Sent, existing: Any) -> None:
        """Nothing was sent: where the page showed a file, the visitor has taken it away."""
        if content_of(existing) is None:
            return
        if field.required:
            sent.problems[self.name] = str(field.error_messages["required"])
        elif isinstance(field.widget, forms.ClearableFileInput):
            sent.data[field.widget.clear_checkbox_name(name)] = "on"


def is_stored(value: Any) -> bool:
    """Whether it is a file of a model's storage."""
    return bool(value) and isinstance(value, FileProxyMixin) and hasattr(value, "storage")


def content_of(value: Any) -> bytes | None:
    """The content of a stored file; None where there is none, or too much to be shown."""
    if not is_stored(value):
        return None
    stored: Any = value
    try:
        if stored.size > LARGEST_SHOWN:
            return None
        with stored.storage.open(stored.name, "rb") as file:
            return bytes(file.read())
    except Exception:  # each storage raises its own when a file has gone, or the storage itself
        log.warning("forms.file_unreadable", exc_info=True)
        return None


def same_content(path: Any, existing: Any) -> bool:
    """Whether a sent file is the stored one, which the page has sent back."""
    if not is_stored(existing):
        return False
    try:
        if existing.size != path.stat().st_size or existing.size > LARGEST_SHOWN:
            return False
        with existing.storage.open(existing.name, "rb") as stored, path.open("rb") as given:
            while (piece := stored.read(_PIECE)) == given.read(_PIECE):
                if not piece:
                    return True
    except Exception:
        log.warning("forms.file_unreadable", exc_info=True)
    return False


def label_with(label: Any, name: str) -> Any:
    """A label that names the file which is there, where that cannot be shown."""
    return f"{label} ({name})" if name else label
