"""`gr.load_chat`: a conversation with a model behind any server that speaks as OpenAI's does."""

from __future__ import annotations

import asyncio
import base64
import json
import mimetypes
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from blocks_app.components import ChatMessage, MultimodalTextbox
from blocks_app.exceptions import DeclarationError, Error
from blocks_app.files.file_data import is_web_address
from blocks_app.i18n import gettext
from blocks_app.interfaces.chat_interface import ChatInterface
from blocks_app.logs import logger

if TYPE_CHECKING:
    import httpx

log = logger("blocks_app.load_chat")

FileType = Literal["text_encoded", "image"]
_TAKEN: dict[str, list[str]] = {
    "text_encoded": ["text", ".json", ".jsonl", ".yaml", ".yml", ".toml", ".xml", ".sql", ".sh", ".js", ".ts", ".tex"],
    "image": ["image"],
}
MOST_OF_A_FILE = 1_000_000  # characters of a text, bytes of a picture times twenty, that go to the model
LONGEST_LINE = 8_000_000
CONNECT, SILENCE = 10.0, 300.0  # seconds


def load_chat(
    base_url: str,
    model: str,
    token: str | None = None,
    *,
    file_types: FileType | Sequence[FileType] | None = "text_encoded",
    system_message: str | None = None,
    streaming: bool = True,
    **kwargs: Any,
) -> ChatInterface:
    """Make a ChatInterface for a model behind an OpenAI-compatible server. Needs httpx.

        gr.load_chat("http://localhost:11434/v1/", model="llama3.2", system_message="Be brief.").launch()

    Args:
        base_url: where the server's endpoints begin.
        model: the model's name there.
        token: the key that the server wants; it never leaves this one.
        file_types: what visitors may add to a message: "text_encoded" files are put into it, an "image" is shown to the
            model. None allows no files.
        system_message: what the model is told before each conversation.
        streaming: whether the answer is shown while it grows.
        kwargs: arguments of ChatInterface.
    """
    wanted = [] if file_types is None else [file_types] if isinstance(file_types, str) else list(file_types)
    for each in wanted:
        if each not in _TAKEN:
            raise DeclarationError(f"Invalid file type: {each}. Must be 'text_encoded' or 'image'.")
    if wanted and kwargs.get("textbox") is None:
        kwargs["textbox"] = MultimodalTextbox(
            label="Message",
            placeholder="Type a message...",
            scale=7,
            autofocus=kwargs.get("autofocus", True),
            file_count="multiple",
            file_types=[name for each in wanted for name in _TAKEN[each]],
            submit_btn=kwargs.get("submit_btn", True),
            stop_btn=kwargs.get("stop_btn", True),
            render=False,
        )
    server = _Server(base_url, model, token, system_message)
    answer = server.stream if streaming else server.answer
    return ChatInterface(answer, **{"multimodal": bool(wanted), **kwargs})


class _Server:
    """The server, and how it is asked."""

    def __init__(self, base_url: str, model: str, token: str | None, system_message: str | None) -> None:
        try:
            import httpx
        except ImportError as error:
            raise ImportError("gr.load_chat needs httpx. Install it with `pip install httpx`.") from error
        if not base_url.startswith(("http://", "https://")):
            raise DeclarationError(f"load_chat: base_url is an address such as http://localhost/v1/, not {base_url!r}.")
        self._httpx = httpx
        self._url = f"{base_url.rstrip('/')}/chat/completions"
        self._model = model
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._first = [{"role": "system", "content": system_message}] if system_message else []

    async def answer(self, message: Any, history: list[dict[str, Any]]) -> Any:
        """The model's answer."""
        async with self._client() as client:
            try:
                asked = await asyncio.to_thread(self._asked, message, history, False)
                response = await client.post(self._url, json=asked)
                self._check(response)
                reply = response.json()["choices"][0]["message"]
            except self._httpx.HTTPError as error:
                raise self._unreachable(error) from error
            except (ValueError, LookupError, TypeError) as error:
                raise _odd(error) from error
        return _shown(reply.get("reasoning_content") or "", reply.get("content") or "", True)

    async def stream(self, message: Any, history: list[dict[str, Any]]) -> AsyncIterator[Any]:
        """The model's answer while it grows."""
        text = thought = ""
        asked = await asyncio.to_thread(self._asked, message, history, True)
        async with self._client() as client:
            try:
                async with client.stream("POST", self._url, json=asked) as response:
                    if response.is_error:
                        await response.aread()
                    self._check(response)
                    async for delta in _deltas(response):
                        text += delta.get("content") or ""
                        thought += delta.get("reasoning_content") or ""
                        if text or thought:
                            yield _shown(thought, text, bool(text))
            except self._httpx.HTTPError as error:
                raise self._unreachable(error) from error
        if not text and not thought:
            raise Error(gettext("The model gave no answer."), print_exception=False)

    def _client(self) -> httpx.AsyncClient:
        timeout = self._httpx.Timeout(SILENCE, connect=CONNECT)
        return self._httpx.AsyncClient(headers=self._headers, timeout=timeout)

    def _asked(self, message: Any, history: list[dict[str, Any]], stream: bool) -> dict[str, Any]:
        sent = message if isinstance(message, dict) else {"text": message, "files": []}
        parts = [{"type": "file", "file": {"path": path}} for path in sent["files"]]
        now = {"role": "user", "content": [*parts, {"type": "text", "text": sent["text"] or ""}]}
        messages = [*self._first, *(_as_sent(each) for each in (*history, now) if not _is_thought(each))]
        return {"model": self._model, "messages": messages, "stream": stream}

    def _check(self, response: httpx.Response) -> None:
        """Raises Error, in words for the visitor, when the server refuses."""
        if response.is_success:
            return
        status, reason = response.status_code, _complaint(response)
        log.warning("load_chat.refused", extra={"status": status, "said": reason[:500]})
        known = {
            401: gettext("The model's server does not accept the token of this app."),
            403: gettext("The model's server does not let this app in."),
            404: gettext("The model's server does not know %(model)r, or is not there.") % {"model": self._model},
            429: gettext("The model has too much to do. Try again in a moment."),
        }
        raise Error(
            known.get(status)
            or gettext("The model's server answered %(status)s: %(reason)s")
            % {"status": status, "reason": reason[:300]},
            print_exception=False,
        )

    def _unreachable(self, error: Exception) -> Error:
        log.warning("load_chat.unreachable", extra={"error": repr(error)})
        if isinstance(error, self._httpx.TimeoutException):
            return Error(gettext("The model takes too long to answer."), print_exception=False)
        if isinstance(error, self._httpx.ConnectError):
            return Error(gettext("The model cannot be reached."), print_exception=False)
        return Error(gettext("The connection to the model was lost."), print_exception=False)


async def _deltas(response: httpx.Response) -> AsyncIterator[dict[str, Any]]:
    """What each event of the stream adds."""
    async for line in _lines(response):
        if not line.startswith(b"data:"):
            continue  # a comment that keeps the connection open, or a field that says nothing to us
        data = line[5:].strip()
        if data == b"[DONE]":
            return
        try:
            event = json.loads(data)
            if "error" in event:
                raise Error(
                    gettext("The model failed: %(event)s") % {"event": _words(event["error"])[:300]},
                    print_exception=False,
                )
            choices = event.get("choices") or [{}]
            delta = choices[0].get("delta") or {}
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            raise _odd(error) from error
        yield delta


async def _lines(response: httpx.Response) -> AsyncIterator[bytes]:
    """The lines of a stream. Only a line feed ends one: others may stand within a text."""
    rest = b""
    async for chunk in response.aiter_bytes():
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            yield line.rstrip(b"\r")
        if len(rest) > LONGEST_LINE:
            raise _odd(ValueError("a line without an end"))
    if rest:
        yield rest


def _shown(thought: str, text: str, is_done: bool) -> Any:
    if not thought:
        return text
    status: Literal["done", "pending"] = "done" if is_done else "pending"
    thinking = ChatMessage(thought, metadata={"title": "Reasoning", "status": status})
    return [thinking, *([text] if text else [])]


def _is_thought(message: dict[str, Any]) -> bool:
    return bool((message.get("metadata") or {}).get("title"))


def _as_sent(message: dict[str, Any]) -> dict[str, Any]:
    """A message as the server takes it: one text where it has no pictures."""
    content = message["content"]
    parts = content if isinstance(content, list) else [content]
    sent = [_part(part) for part in parts]
    if all(part["type"] == "text" for part in sent):
        return {"role": message["role"], "content": "\n".join(part["text"] for part in sent)}
    return {"role": message["role"], "content": sent}


def _part(part: Any) -> dict[str, Any]:
    if isinstance(part, str):
        return {"type": "text", "text": part}
    if isinstance(part, dict) and part.get("type", "text") == "text":
        return {"type": "text", "text": part["text"]}
    path = part["file"]["path"] if isinstance(part, dict) and "file" in part else None
    path = part[0] if isinstance(part, tuple) else path
    if path is None:
        return {"type": "text", "text": ""}
    if is_web_address(path):  # the model's server may look at it; this one does not
        return {"type": "image_url", "image_url": {"url": path}}
    return _file(Path(path))


def _file(path: Path) -> dict[str, Any]:
    """A file within a message: a picture as one, anything else as its text."""
    kind = mimetypes.guess_type(path.name)[0] or ""
    content = path.read_bytes()
    if kind.startswith("image/"):
        if len(content) > 20 * MOST_OF_A_FILE:
            raise Error(gettext("%(name)s is too large for the model.") % {"name": path.name}, print_exception=False)
        return {"type": "image_url", "image_url": {"url": f"data:{kind};base64,{base64.b64encode(content).decode()}"}}
    text = content.decode("utf-8", "replace")
    if len(text) > MOST_OF_A_FILE:
        raise Error(gettext("%(name)s is too long for the model.") % {"name": path.name}, print_exception=False)
    return {"type": "text", "text": f"File {path.name}:\n```\n{text}\n```"}


def _complaint(response: httpx.Response) -> str:
    try:
        return _words(response.json()["error"])
    except (ValueError, LookupError, TypeError):
        return response.reason_phrase


def _words(error: Any) -> str:
    return str(error.get("message") or error) if isinstance(error, dict) else str(error)


def _odd(error: Exception) -> Error:
    log.warning("load_chat.not_understood", extra={"error": repr(error)})
    return Error(gettext("The model's server answered something that is not understood."), print_exception=False)
