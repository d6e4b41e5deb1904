"""One model behind the hub's inference API: what is sent for each kind of task, and what comes back. Needs httpx."""

from __future__ import annotations

import base64
import json
import mimetypes
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from blocks_app.exceptions import DeclarationError, Error
from blocks_app.files import file_data
from blocks_app.logs import logger

if TYPE_CHECKING:
    import httpx

log = logger("blocks_app.load")

CONNECT, SILENCE = 10.0, 300.0  # seconds
MOST = 200_000_000  # bytes of one answer
#: Of kinds for which Python's own table has none, or an odd one.
_ENDINGS = {
    "audio/wav": ".wav",
    "audio/wave": ".wav",
    "audio/flac": ".flac",
    "audio/ogg": ".ogg",
    "image/webp": ".webp",
}
_KNOWN = {
    401: "The model's server wants a token of somebody it knows.",
    403: "The model's server does not let this app in.",
    404: "The model is not there.",
    429: "The model has too much to do. Try again in a moment.",
    503: "The model is not ready yet. Try again in a moment.",
}


def hub_says(name: str, token: str | None) -> tuple[str, list[str]]:
    """What a model is for, as the hub at HF_ENDPOINT says, and its other tags.

    Raises:
        DeclarationError: the hub knows no such model, or cannot be asked.
    """
    hub = (os.environ.get("HF_ENDPOINT") or "https://huggingface.co").rstrip("/")
    import httpx

    try:
        with _client(token) as client:
            answer = client.get(f"{hub}/api/models/{name}")
            if answer.status_code in (401, 403, 404):
                needed = "the token does not open it" if token else "it is private: give `token=`"
                raise DeclarationError(f"gr.load(): there is no model {name} at {hub}, or {needed}.")
            answer.raise_for_status()
            found = answer.json()
            return str(found.get("pipeline_tag") or ""), [str(each) for each in found.get("tags") or ()]
    except (httpx.HTTPError, ValueError, AttributeError) as error:
        if isinstance(error, DeclarationError):
            raise
        raise DeclarationError(f"gr.load() cannot ask {hub} about the model {name}: {error}") from error


class Inference:
    """A model, and how it is asked."""

    def __init__(self, address: str, token: str | None, task: str) -> None:
        """Args: address: of the model; token: of whoever pays; task: what it is for."""
        self._address, self._token, self._task = address, token, task

    def text(self, text: str) -> Any:
        """What it makes of a text."""
        return self._json(text)

    def ranking(self, text: str, candidate_labels: list[str], multi_label: bool) -> Any:
        """How well each label fits a text."""
        found = self._json(text, {"candidate_labels": candidate_labels, "multi_label": multi_label})
        if isinstance(found, list) and found and "label" in found[0]:
            return {"labels": [each["label"] for each in found], "scores": [each["score"] for each in found]}
        return found

    def record(self, **named: Any) -> Any:
        """What it answers to a question about a text or a picture."""
        if named.get("image"):
            named["image"] = base64.b64encode(Path(named["image"]).read_bytes()).decode()
        return self._json(named)

    def similarity(self, text: str, sentences: list[str]) -> Any:
        """How similar sentences are to one."""
        return self._json({"source_sentence": text, "sentences": sentences}, path="/pipeline/sentence-similarity")

    def features(self, text: str) -> Any:
        """The vectors of a text."""
        return [self._json(text, path="/pipeline/feature-extraction")]

    def file(self, path: str) -> Any:
        """What it makes of a picture or a sound."""
        return self._read(self._asked(Path(path).read_bytes(), _kind_of(path)))

    def made_of_text(self, text: str) -> str:
        """The path of a picture or a sound that it makes."""
        return self._saved(self._asked(json.dumps({"inputs": text}).encode()))

    def made_of_file(self, path: str, prompt: str | None = None) -> str:
        """The path of what it makes of a picture or a sound."""
        content = Path(path).read_bytes()
        if prompt is None:
            return self._saved(self._asked(content, _kind_of(path)))
        body = {"inputs": base64.b64encode(content).decode(), "parameters": {"prompt": prompt}}
        return self._saved(self._asked(json.dumps(body).encode()))

    def conversation(self, image: str, text: str) -> str:
        """What it says to a picture and a text."""
        parts: list[dict[str, Any]] = [{"type": "text", "text": text or ""}]
        if image:
            data = base64.b64encode(Path(image).read_bytes()).decode()
            parts.insert(0, {"type": "image_url", "image_url": {"url": f"data:{_kind_of(image)};base64,{data}"}})
        model = self._address.partition("/models/")[2]
        body = json.dumps({"model": model, "messages": [{"role": "user", "content": parts}]}).encode()
        found = self._read(self._asked(body, path="/v1/chat/completions"))
        try:
            return str(found["choices"][0]["message"]["content"])
        except (LookupError, TypeError) as error:
            raise _odd(error) from error

    def _json(self, inputs: Any, parameters: dict[str, Any] | None = None, path: str = "") -> Any:
        body = {"inputs": inputs, **({"parameters": parameters} if parameters else {})}
        return self._read(self._asked(json.dumps(body).encode(), path=path))

    def _asked(self, body: bytes, kind: str = "application/json", path: str = "") -> httpx.Response:
        import httpx

        try:
            with _client(self._token) as client:
                answer = client.post(self._address + path, content=body, headers={"Content-Type": kind})
        except httpx.TimeoutException as error:
            raise Error("The model takes too long to answer.", print_exception=False) from error
        except httpx.HTTPError as error:
            log.warning("load.unreachable", extra={"error": repr(error)})
            raise Error("The model cannot be reached.", print_exception=False) from error
        if not answer.is_success:
            log.warning("load.refused", extra={"status": answer.status_code, "said": answer.text[:500]})
            reason = _KNOWN.get(answer.status_code) or f"The model's server answered {answer.status_code}."
            raise Error(reason, print_exception=False)
        if len(answer.content) > MOST:
            raise Error("The model gave more than can be shown.", print_exception=False)
        return answer

    def _read(self, answer: httpx.Response) -> Any:
        try:
            return answer.json()
        except ValueError as error:
            raise _odd(error) from error

    def _saved(self, answer: httpx.Response) -> str:
        content, kind = answer.content, answer.headers.get("content-type", "").partition(";")[0]
        if kind == "application/json":
            try:
                first = answer.json()[0]
                content, kind = base64.b64decode(first["blob"]), str(first["content-type"])
            except (ValueError, LookupError, TypeError) as error:
                raise _odd(error) from error
        place = file_data.scratch(f"output{_ENDINGS.get(kind) or mimetypes.guess_extension(kind) or ''}")
        place.write_bytes(content)
        return str(place)


def _client(token: str | None) -> httpx.Client:
    """A client that sends the token to one host alone: redirects are not followed."""
    try:
        import httpx
    except ImportError as error:
        raise ImportError("gr.load needs httpx for models. Install it with `pip install httpx`.") from error
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return httpx.Client(headers=headers, timeout=httpx.Timeout(SILENCE, connect=CONNECT))


def _kind_of(path: str) -> str:
    return mimetypes.guess_type(path)[0] or "application/octet-stream"


def _odd(error: Exception) -> Error:
    log.warning("load.not_understood", extra={"error": repr(error)})
    return Error("The model's server answered something that is not understood.", print_exception=False)
