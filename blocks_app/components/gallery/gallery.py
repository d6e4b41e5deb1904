"""Gallery: pictures and videos to look through, which a visitor gives or a function makes."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, Unpack

from blocks_app.components.button import Button
from blocks_app.components.corner import Height, checked_height
from blocks_app.components.framed import FramedComponent
from blocks_app.components.gallery.schema import GALLERY_SCHEMA
from blocks_app.components.takes_files import check_file_types, may_be_given
from blocks_app.components.takes_pictures import FormatOptions, PictureType, Source, TakesPictures, one_of, sources_of
from blocks_app.components.validation import refusal, shown
from blocks_app.exceptions import DeclarationError
from blocks_app.files import file_data
from blocks_app.files.filestore import guess_type
from blocks_app.i18n import gettext
from blocks_app.listeners.events import Events
from blocks_app.media import image as codec
from blocks_app.media import pixels, video
from blocks_app.options import FieldOptions

ObjectFit = Literal["contain", "cover", "fill", "none", "scale-down"]
#: Most columns and rows of the grid, which a browser lays out even where nothing stands in them.
_MOST = 1_000
_FITS = (None, "contain", "cover", "fill", "none", "scale-down")


class GalleryOptions(FieldOptions, FormatOptions, total=False):
    """What a Gallery takes besides."""


class Gallery(TakesPictures, FramedComponent):
    """Shows pictures and videos in a grid and one of them large; when interactive, takes some from the visitor.

    A function gets a list of `(picture, caption)`: the picture as `type` says, a video always as a path; None when the
    gallery is empty. It returns a list whose items are pictures (array, PIL image, path or address), videos (path or
    address), or pairs of one of these and a caption.
    """

    select = Events.select
    upload = Events.upload
    change = Events.change
    delete = Events.delete
    preview_close = Events.preview_close
    preview_open = Events.preview_open
    corner_names = ("share", "download", "download_all", "fullscreen")

    def __init__(
        self,
        value: Any = None,
        *,
        file_types: list[str] | None = None,
        columns: int | Sequence[int] | None = 2,
        rows: int | Sequence[int] | None = None,
        height: Height = None,
        allow_preview: bool = True,
        preview: bool | None = None,
        selected_index: int | None = None,
        object_fit: ObjectFit | None = None,
        show_share_button: bool | None = None,
        show_download_button: bool | None = True,
        buttons: Sequence[Literal["share", "download", "download_all", "fullscreen"] | Button] | None = None,
        type: PictureType = "filepath",
        fit_columns: bool = True,
        sources: Sequence[Source] | Source | None = None,
        **options: Unpack[GalleryOptions],
    ) -> None:
        """Declare a gallery.

        Args:
            value: pictures and videos to start with, or a function that makes them.
            file_types: what may be given: suffixes such as ".png", or "image", "video"; both of these unless given.
            columns: in the grid; a list gives one number for each width of the window, from a phone's on: below 640
                pixels, from 640, 768, 1024, 1280 and 1536 pixels on.
            rows: in the grid, as `columns`; as many as are needed unless given.
            height: in pixels or as a CSS length; what is higher scrolls.
            allow_preview: whether a click shows a picture large.
            preview: whether the first picture is large at the beginning.
            selected_index: number of the picture that is selected at the beginning.
            object_fit: how pictures fill their place in the grid, as CSS has it; "cover" unless given.
            show_share_button: whether a button shares the picture that is large. The same as "share" among `buttons`.
            show_download_button: whether the picture that is large can be downloaded, as with "download".
            buttons: what stands in the corner: "share", "download", "download_all" (one archive), "fullscreen", and
                gr.Buttons; all but the first unless given.
            type: what the function gets: "filepath" (paths), "numpy" or "pil".
            fit_columns: whether fewer pictures than columns share the whole width.
            sources: where the visitor may take pictures from: "upload", "webcam", "clipboard"; the first unless given.
        """
        rest = self._take(None, type, options)
        self.file_types = check_file_types("Gallery", file_types)
        self.columns = _counts("columns", columns)
        self.rows = _counts("rows", rows)
        self.height = checked_height("Gallery", "height", height)
        self.allow_preview = allow_preview
        self.preview = preview
        self.selected_index = _index(selected_index)
        self.object_fit = one_of("Gallery", "object_fit", object_fit, _FITS)
        self.fit_columns = fit_columns
        self.sources = sources_of("Gallery", sources, ("upload",))
        flags = {"share": show_share_button, "download": show_download_button, "download_all": show_download_button}
        names = [name for name, on in {**flags, "fullscreen": True}.items() if on]
        super().__init__(value, buttons=names if buttons is None else buttons, **rest)
        self.show_share_button = "share" in self.buttons
        self.show_download_button = "download" in self.buttons

    def preprocess(self, payload: Any) -> list[tuple[Any, str | None]] | None:
        """The sent pictures as `type` says, and their captions; None when there is none.

        Raises:
            Error: what was sent is no list of them, or one of them is no picture, or they are too large together.
        """
        if payload is None or payload == []:
            return None
        if not isinstance(payload, list):
            raise refusal(self, f"a list of pictures is needed, not {shown(payload)}.")
        sent = [self._sent(item) for item in payload]
        with pixels.held_together([count for file, _ in sent if (count := self._pixels(file))]):
            return [(self._argument(file), caption) for file, caption in sent]

    def postprocess(self, value: Any) -> list[dict[str, Any]]:
        """The wire value: a record with `image` or `video`, and `caption`, for each.

        Raises:
            Error: the value is no list, or one of its items is no picture, video or pair.
            InvalidPathError: a path may not be handed out.
        """
        if value is None:
            return []
        several = isinstance(value, Iterable) and not isinstance(value, str | bytes | os.PathLike | Mapping)
        if not several or getattr(value, "ndim", 4) < 3:
            raise refusal(self, f"a list of pictures and videos is needed, not {shown(value)}.")
        return [self._record(item) for item in value]

    def api_info(self) -> dict[str, Any]:
        return GALLERY_SCHEMA

    def example_payload(self) -> Any:
        """A picture that comes with the package."""
        return [{"image": file_data.sample("image.png"), "caption": None}]

    def example_value(self) -> Any:
        """Path of a picture that comes with the package."""
        return [str(file_data.SAMPLES / "image.png")]

    def _sent(self, item: Any) -> tuple[file_data.LocalFile, str | None]:
        """The file and the caption of a record."""
        record = item if isinstance(item, dict) else {}
        data = record.get("video") if record.get("image") is None else record["image"]
        caption = record.get("caption")
        if data is None or not isinstance(caption, str | None):
            raise refusal(self, f"each picture is an object with image (or video) and caption, not {shown(item)}.")
        file = file_data.receive({"path": data} if isinstance(data, str) else data, self)
        kinds = self.file_types or ["image", "video"]
        if not may_be_given(file.name, kinds):
            raise refusal(
                self,
                gettext("%(name)r is of another type. It takes %(join)s.")
                % {"name": file.name, "join": ", ".join(kinds)},
            )
        return file, caption

    def _pixels(self, file: file_data.LocalFile) -> int:
        """How many it has to be decoded, which its header tells; 0 where nothing is decoded."""
        block = file_data.name_of(self)
        if _is_video(file.name):
            video.check(file.path, block)
            return 0
        if file.path.suffix.lower() == ".svg":
            codec.check(file.path, block)
            return 0
        with codec.load(file.path, block) as opened:  # tells what is no picture, for paths as well
            return 0 if self.type == "filepath" else pixels.to_decode(opened)

    def _argument(self, file: file_data.LocalFile) -> Any:
        """A video, and a picture as a file, is its path."""
        if self.type == "filepath" or _is_video(file.name):
            return str(file.path)
        return self._decoded(file, counts=False)

    def _record(self, item: Any) -> dict[str, Any]:
        media, caption, kind = item, None, None
        if isinstance(item, Mapping) and ("image" in item or "video" in item):
            kind = "image" if item.get("image") is not None else "video"
            media, caption = item.get(kind), item.get("caption")
        elif isinstance(item, tuple | list):
            if len(item) != 2:
                raise refusal(self, f"each item is a picture or (picture, caption), not {shown(item)}.")
            media, caption = item
        if media is None or isinstance(media, bool | int | float | bytes):
            raise refusal(self, f"each item is a picture, a video or (picture, caption), not {shown(item)}.")
        in_a_file = isinstance(media, str | os.PathLike | Mapping)
        if kind is None:
            kind = "video" if in_a_file and _is_video(_name(media)) else "image"
        return {kind: self._shown(media), "caption": None if caption is None else str(caption)}


def _name(media: Any) -> str:
    """What a path, an address or a file's wire value is called."""
    if isinstance(media, Mapping):
        return str(media.get("orig_name") or media.get("path") or "")
    text: str = os.fspath(media)
    return text.split("?")[0].split("#")[0] if file_data.is_web_address(text) else text


def _is_video(name: str) -> bool:
    return guess_type(name).split("/")[0] == "video"


def _counts(option: str, given: Any) -> Any:
    """A number from 1 on, or a list of some. Raises DeclarationError."""
    each = list(given) if isinstance(given, list | tuple) else [given]
    if given is not None and (not each or any(type(n) is not int or not 1 <= n <= _MOST for n in each)):
        raise DeclarationError(
            f"Gallery: {option} is a whole number from 1 to {_MOST:,}, or a list of some, not {shown(given)}."
        )
    return each if isinstance(given, list | tuple) else given


def _index(given: Any) -> int | None:
    if given is not None and (type(given) is not int or given < 0):
        raise DeclarationError(f"Gallery: selected_index is a number from 0 on, or None, not {given!r}.")
    return given
