"""What programs import from `gradio_client.utils`: files as arguments and as text, values of results, errors."""

from __future__ import annotations

import base64
import json
import mimetypes
import os
import re
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Union

from blocks_client._core.files import handle_file, is_url, safe_name
from blocks_client._core.schema_text import json_schema_to_python_type
from blocks_client._core.status import ProgressUnit, Status, StatusUpdate
from blocks_client._exceptions import (
    InvalidAPIEndpointError,
    QueueError,
    TooManyRequestsError,
    ValidationError,
)

__all__ = [
    "InvalidAPIEndpointError",
    "ProgressUnit",
    "QueueError",
    "Status",
    "StatusUpdate",
    "TooManyRequestsError",
    "ValidationError",
    "create_tmp_copy_of_file",
    "decode_base64_to_binary",
    "decode_base64_to_file",
    "dict_or_str_to_json_file",
    "encode_file_to_base64",
    "file",
    "file_to_json",
    "get_extension",
    "get_mimetype",
    "handle_file",
    "is_file_obj",
    "is_file_obj_with_meta",
    "is_file_obj_with_url",
    "is_http_url_like",
    "json_schema_to_python_type",
    "sanitize_parameter_names",
    "strip_invalid_filename_characters",
    "traverse",
    "value_is_file",
]

_MORE_TYPES = {".vtt": "text/vtt", ".webp": "image/webp"}


def file(filepath_or_url: Union[str, Path]) -> Any:
    """The old name of `handle_file`."""
    import blocks_client

    return blocks_client.file(filepath_or_url)


def is_http_url_like(possible_url: Any) -> bool:
    """Whether it is a text that begins as an address of the web."""
    return is_url(possible_url)


def is_file_obj(value: Any) -> bool:
    """Whether a value is a file as old servers write one: a dict with a path."""
    return isinstance(value, dict) and isinstance(value.get("path"), str)


def is_file_obj_with_meta(value: Any) -> bool:
    """Whether a value is a file that is marked as one."""
    marked = value.get("meta") if is_file_obj(value) else None
    return isinstance(marked, dict) and marked.get("_type") == "gradio.FileData"


def is_file_obj_with_url(value: Any) -> bool:
    """Whether it is such a file, with an address."""
    return is_file_obj_with_meta(value) and isinstance(value.get("url"), str)


def value_is_file(api_info: dict[str, Any]) -> bool:
    """Whether what a JSON schema describes is a file, or holds one."""
    return "filepath" in json_schema_to_python_type(api_info)


def traverse(json_obj: Any, func: Callable[[Any], Any], is_root: Callable[[Any], bool]) -> Any:
    """The value with `func` of everything in it that `is_root` says yes to; new lists and dicts around them."""
    if is_root(json_obj):
        return func(json_obj)
    if isinstance(json_obj, dict):
        return {key: traverse(value, func, is_root) for key, value in json_obj.items()}
    if isinstance(json_obj, (list, tuple)):
        return [traverse(value, func, is_root) for value in json_obj]
    return json_obj


def get_mimetype(filename: str) -> Union[str, None]:
    """The type of a file by its name."""
    return _MORE_TYPES.get(Path(filename).suffix.lower()) or mimetypes.guess_type(filename)[0]


def get_extension(encoding: str) -> Union[str, None]:
    """The end of a name, without its dot, for a file as a data URL."""
    kind = encoding[5:].partition(";")[0] if encoding.startswith("data:") else mimetypes.guess_type(encoding)[0]
    found = mimetypes.guess_extension((kind or "").replace("audio/wav", "audio/x-wav"))
    return found[1:] if found else ("flac" if kind == "audio/flac" else None)


def encode_file_to_base64(f: Union[str, Path]) -> str:
    """A file as a data URL."""
    content = base64.b64encode(Path(f).read_bytes()).decode()
    return f"data:{get_mimetype(str(f)) or ''};base64,{content}"


def decode_base64_to_binary(encoding: str) -> tuple[bytes, Union[str, None]]:
    """The bytes of a data URL, and the end of a name for them."""
    return base64.b64decode(encoding.rsplit(",", 1)[-1]), get_extension(encoding)


def decode_base64_to_file(
    encoding: str,
    file_path: Union[str, None] = None,
    dir: Union[str, Path, None] = None,
    prefix: Union[str, None] = None,
) -> Any:
    """A data URL as a file that is kept, open for writing; its `name` is the path."""
    content, extension = decode_base64_to_binary(encoding)
    if file_path is not None:
        name = safe_name(str(file_path))
        prefix, extension = prefix or Path(name).stem, Path(name).suffix.lstrip(".") or extension
    made = _kept_file("wb", dir, prefix, extension)
    made.write(content)
    made.flush()
    return made


def dict_or_str_to_json_file(jsn: Any, dir: Union[str, Path, None] = None) -> Any:
    """A value, or JSON text, as a file that is kept; its `name` is the path."""
    made = _kept_file("w", dir, None, "json")
    json.dump(json.loads(jsn) if isinstance(jsn, str) else jsn, made)
    made.flush()
    return made


def file_to_json(file_path: Union[str, Path]) -> Any:
    """What a file of JSON says."""
    return json.loads(Path(file_path).read_text(encoding="utf-8"))


def create_tmp_copy_of_file(file_path: str, dir: Union[str, None] = None) -> str:
    """The path of a copy in a folder of its own."""
    folder = Path(dir or tempfile.gettempdir()) / os.urandom(20).hex()
    folder.mkdir(parents=True)
    return str(shutil.copy2(file_path, folder / Path(file_path).name))


def strip_invalid_filename_characters(filename: str, max_bytes: int = 200) -> str:
    """A name that is one component of a path on every system."""
    name = Path(safe_name(filename))
    stem, suffix = name.stem, name.suffix
    return stem.encode()[: max(0, max_bytes - len(suffix.encode()))].decode(errors="ignore") + suffix


def sanitize_parameter_names(original_name: str) -> str:
    """A label as the name of a parameter."""
    return re.sub(r"[^\w ]", "", original_name).replace(" ", "_").lower()


def _kept_file(mode: str, folder: Union[str, Path, None], prefix: Union[str, None], extension: Union[str, None]) -> Any:
    if folder is not None:
        Path(folder).mkdir(parents=True, exist_ok=True)
    suffix = f".{extension}" if extension else None
    return tempfile.NamedTemporaryFile(mode, delete=False, prefix=prefix, suffix=suffix, dir=folder)
