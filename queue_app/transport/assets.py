"""A page's files without Django: a page asks for ten at once, and each costs Django several hops between threads.

The same files are served by the views in blocks_app when the site lacks the wrapper; what is sent is the same.
"""

from __future__ import annotations

from blocks_app.web import static_responses, views
from blocks_app.web.endpoint import HEADERS
from queue_app.exceptions import Refusal
from queue_app.transport.http import HttpConsumer

_FIXED = (
    (b"vary", b"Accept-Encoding"),
    *((name.lower().encode(), value.encode()) for name, value in HEADERS.items()),
)


class ProgramFile(HttpConsumer):
    """A file that is the same for everybody."""

    guarded = False

    @property
    def accepted(self) -> str:
        """The encodings that the browser takes."""
        return (self.header(b"accept-encoding") or b"").decode("latin-1")

    async def respond(self, content: static_responses.Content, cache: str) -> None:
        """Answer the bytes, or 304 when the browser has them."""
        etag = content.etag.encode()
        headers = [*_FIXED, (b"etag", etag), (b"cache-control", cache.encode())]
        if etag in (self.header(b"if-none-match") or b""):
            await self.send_whole(304, headers, b"")
            return
        headers.append((b"content-type", content.kind.encode()))
        if content.encoding:
            headers.append((b"content-encoding", content.encoding.encode()))
        headers.append((b"content-length", b"%d" % len(content.body)))
        await self.send_whole(200, headers, content.body)


class Asset(ProgramFile):
    """`GET assets/<name>`: a built bundle; its name carries a hash, so browsers keep it for ever."""

    async def handle(self, name: str) -> None:
        """Answer the file in the best encoding that the browser takes."""
        content = static_responses.bundle(name, self.accepted)
        if content is None:
            raise Refusal(404, "Not Found")
        await self.respond(content, static_responses.IMMUTABLE)


class Generated(ProgramFile):
    """`GET app/<name>`: the page's style sheet, and the app's own texts, by names that carry a hash."""

    guarded = True

    async def handle(self, name: str) -> None:
        """Answer the file to those who may see the page."""
        text = views.generated_text(self.mount, name)
        if text is None:
            raise Refusal(404, "Not Found")
        await self.respond(
            static_responses.text(text, static_responses.kind_of(name), self.accepted), static_responses.IMMUTABLE
        )


class Theme(ProgramFile):
    """`GET theme.css`: the theme's variables. The page asks with the hash in the query, so that they may be kept."""

    async def handle(self) -> None:
        """Answer the style sheet, compressed if the browser takes that."""
        cache = static_responses.IMMUTABLE if self.scope["query_string"] else static_responses.REVALIDATE
        await self.respond(
            static_responses.text(views.theme_text(self.mount), static_responses.kind_of("theme.css"), self.accepted),
            cache,
        )
