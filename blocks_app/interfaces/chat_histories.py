"""Conversations that are kept, listed at the side, opened again, renamed and deleted.

Where: in the database of the site for who has logged in, by the app that has one (see `blocks_app.hosting`); else in
the visitor's browser.
"""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING, Any, Protocol

from blocks_app.exceptions import Error
from blocks_app.files import file_data
from blocks_app.hosting import host
from blocks_app.i18n import gettext
from blocks_app.interfaces.chat_answers import Wire, title_of
from blocks_app.running.updates import skip, update

if TYPE_CHECKING:
    from blocks_app.interfaces.chat_page import ChatPage, History
    from blocks_app.interfaces.chat_turns import Dialogue
    from blocks_app.listeners.listener import Listener

QUIETLY: dict[str, Any] = {"api_visibility": "private", "queue": False, "show_progress": "hidden"}
MOST = 100  # conversations in a browser, which has little room
UNDER_WAY = 30.0  # seconds for which a list without the newest conversation is late, not what another tab has deleted

#: Which conversation is open: its `id`, and what tells whether somebody else has gone on with it.
Open = dict[str, Any] | None
#: What is known of it in a session, in place, so that whoever keeps one sees that the visitor has left it meanwhile:
#: `open`, and a `turn` that rises whenever another conversation takes the place; `recent` is told at `BrowserStore`.
Place = dict[str, Any]


class Store(Protocol):
    """The conversations of one visitor with one app, the newest first."""

    def listed(self) -> list[tuple[str, str]]:
        """The id and title of each."""

    def load(self, number: str) -> tuple[list[Wire], Open] | None:
        """One of them; None where it is not there any more."""

    def save(self, opened: Open, title: str, messages: list[Wire]) -> Open:
        """Keep one as it is now: a new one where none is open, or somebody else has gone on with this one meanwhile."""

    def rename(self, number: str, title: str) -> None:
        """Give one another title."""

    def delete(self, number: str) -> None:
        """Delete one."""


class BrowserStore:
    """Those in a browser: a list that goes there and comes back, if it has changed.

    Two changes may be under way at once, each with the list of before: an answer is kept while its conversation gets
    another title. So the session remembers what it has changed last (`recent`: titles, the conversation that was said
    last, which are gone), and a list that does not know of it yet takes it in: neither change undoes the other.
    """

    def __init__(self, kept: Any, recent: dict[str, Any]) -> None:
        self.changed = False
        self._recent = recent
        self._list: list[dict[str, Any]] = [each for each in kept or () if isinstance(each, dict) and "id" in each]
        self._take_in()
        last = recent.get("said")
        if last is not None and not self.changed:
            recent["said"] = None  # the browser has it

    @property
    def kept(self) -> list[dict[str, Any]]:
        """The list, with what else was changed meanwhile."""
        self._take_in()
        return self._list

    def listed(self) -> list[tuple[str, str]]:
        """See Store."""
        return [(each["id"], each["title"]) for each in self.kept]

    def load(self, number: str) -> tuple[list[Wire], Open] | None:
        """See Store."""
        found = self._find(number)
        return None if found is None else (found["messages"], {"id": number})

    def save(self, opened: Open, title: str, messages: list[Wire]) -> Open:
        """See Store."""
        found = None if opened is None else self._find(opened["id"])
        if opened is not None and opened["id"] in self._recent.get("gone", ()):
            return opened  # deleted while this was under way
        if found is None:
            found = {"id": secrets.token_urlsafe(8), "title": title}
        elif found["messages"] == messages:
            return opened
        else:
            self._list.remove(found)
        newest = self._recent["said"] = {**found, "messages": messages, "said": time.time()}
        self._list, self.changed = [newest, *self._list][:MOST], True
        return {"id": found["id"]}

    def rename(self, number: str, title: str) -> None:
        """See Store."""
        self._recent.setdefault("titles", {})[number] = [title, time.time()]
        self._take_in()

    def delete(self, number: str) -> None:
        """See Store."""
        self._recent.setdefault("gone", []).append(number)
        self._take_in()

    def _find(self, number: str) -> dict[str, Any] | None:
        return next((each for each in self._list if each["id"] == number), None)

    def _take_in(self) -> None:
        """What the session has changed and this list does not know."""
        gone, titles, last = (self._recent.get(name) for name in ("gone", "titles", "said"))
        now = [self._named(each, titles or {}) for each in self._list if each["id"] not in (gone or ())]
        if last is not None and last["id"] not in (gone or ()):
            other = next((each for each in now if each["id"] == last["id"]), None)
            if other is not None and other.get("said", 0.0) < last["said"]:
                now.remove(other)
                now.insert(0, {**other, "messages": last["messages"], "said": last["said"]})
            elif other is None and time.time() - last["said"] < UNDER_WAY:
                now.insert(0, self._named(last, titles or {}))
        if now != self._list:
            self._list, self.changed = now[:MOST], True

    def _named(self, each: dict[str, Any], titles: dict[str, list[Any]]) -> dict[str, Any]:
        title, at = titles.get(each["id"], ("", 0.0))
        return {**each, "title": title, "named": at} if at > each.get("named", 0.0) else each


class Histories:
    """The listeners of the list at the side."""

    def __init__(self, chat: ChatPage, side: History, dialogue: Dialogue) -> None:
        self._chat, self._side, self._dialogue = chat, side, dialogue
        #: What is shown and known of the list.
        self.shown = [side.open, side.browser, side.list, side.ids, side.name, side.delete]

    def keep_after(self, event: Any) -> Listener:
        """Keep the conversation at the `then` or `success` of a listener."""
        side = self._side
        kept: Listener = event(self.keep, [side.open, self._chat.chatbot_state, side.browser], self.shown, **QUIETLY)
        return kept

    def listen(self, begins: list[Any], cleared: Listener) -> list[Any]:
        """Listen to the list; `begins` is what a turn is put into. Returns what ends an answer on its way."""
        chat, side, shown = self._chat, self._side, self.shown
        opened, kept, both, turn = side.open, side.browser, [*begins, *shown], [chat.asked, chat.chatbot_state]
        chat.load(self.opened, [opened, kept], shown, **QUIETLY)
        side.list.click(self.choose, [side.list, side.ids, opened, *turn, kept], both, **QUIETLY)
        side.new.click(self.begin, [opened, *turn, kept], both, **QUIETLY)
        renamed = side.name.submit(self.rename, [side.name, opened, kept], shown, **QUIETLY)
        renamed.then(self.opened, [opened, kept], shown, **QUIETLY)  # the visitor may be elsewhere by now
        side.delete.click(self.delete, [opened, chat.asked, kept], both, **QUIETLY)
        cleared.then(self.forget, [opened, kept], shown, **QUIETLY)
        return [side.list.click, side.new.click, side.delete.click]

    def opened(self, place: Place, kept: Any) -> list[Any]:
        """What is listed now, and which of it is open."""
        return self._listed(_store(kept, place), place)

    def keep(self, place: Place, history: list[Wire] | None, kept: Any) -> list[Any]:
        """The conversation has changed."""
        store, before, turn = _store(kept, place), place["open"], place["turn"]
        now = store.save(before, title_of(history), history) if history else before
        if now is before:  # what was not changed is not told: the page may be about to be told of another conversation
            return [skip() for _ in self.shown]
        if place["turn"] == turn:
            place["open"] = now
        listed = self._listed(store, place)
        if before is not None and now is not None and now["id"] == before["id"]:
            listed[self.shown.index(self._side.name)] = skip()  # as before; the visitor may be writing another one
        return listed

    def forget(self, place: Place, kept: Any) -> list[Any]:
        """The conversation was cleared."""
        store, opened = _store(kept, place), place["open"]
        if opened is not None:
            store.delete(opened["id"])
        return self._listed(store, _moved(place, None))

    def choose(
        self, index: int | None, ids: list[str], place: Place, asked: Any, history: list[Wire] | None, kept: Any
    ) -> list[Any]:
        """One of the list was chosen."""
        store = self._left(place, history, kept)
        found = store.load(ids[index]) if index is not None and index < len(ids) else None
        if found is None:
            raise Error(gettext("This conversation is not there any more."), print_exception=False)
        messages, now = found
        return [*self._dialogue.leave(asked, messages), *self._listed(store, _moved(place, now))]

    def begin(self, place: Place, asked: Any, history: list[Wire] | None, kept: Any) -> list[Any]:
        """Another conversation begins."""
        store = self._left(place, history, kept)
        return [*self._dialogue.leave(asked, self._dialogue.kept(None)), *self._listed(store, _moved(place, None))]

    def rename(self, title: str | None, place: Place, kept: Any) -> list[Any]:
        """The open one gets another title."""
        store, title, opened = _store(kept, place), " ".join((title or "").split()), place["open"]
        if opened is None or not title:
            raise Error(gettext("A conversation needs a title."), print_exception=False)
        store.rename(opened["id"], title[:200])
        return self._listed(store, place)

    def delete(self, place: Place, asked: Any, kept: Any) -> list[Any]:
        """The open one is deleted."""
        return [*self._dialogue.leave(asked, self._dialogue.kept(None)), *self.forget(place, kept)]

    def _left(self, place: Place, history: list[Wire] | None, kept: Any) -> Store:
        """What was said until now is kept, also where an answer was on its way."""
        store = _store(kept, place)
        if history and history != self._dialogue.kept(None):
            store.save(place["open"], title_of(history), history)
        return store

    def _listed(self, store: Store, place: Place) -> list[Any]:
        rows, opened = store.listed(), place["open"]
        number = None if opened is None else opened["id"]
        chosen = next((at for at, (each, _) in enumerate(rows) if each == number), None)
        title = None if chosen is None else rows[chosen][1]
        return [
            place,
            store.kept if isinstance(store, BrowserStore) and store.changed else skip(),
            update(samples=[[title] for _, title in rows], value=chosen),
            [each for each, _ in rows],
            update(value=title or "", visible=title is not None),
            update(visible=title is not None),
        ]


def _moved(place: Place, opened: Open) -> Place:
    """The visitor is elsewhere."""
    place["turn"] += 1
    place["open"] = opened
    return place


def _store(kept: Any, place: Place) -> Store:
    """Where the conversations of the visitor are who is asking now; `kept` is what the browser has."""
    context = file_data.current.get()
    if context is not None and context.owner:
        found: Store | None = host().conversations(context.owner, context.mount)
        if found is not None:
            return found
    return BrowserStore(kept, place.setdefault("recent", {}))
