"""What visitors think of answers: kept in the database of a project, else in a CSV file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blocks_app.exceptions import Error
from blocks_app.flagging.chat_csv_logger import ChatCSVLogger
from blocks_app.flagging.database_logger import DatabaseLogger
from blocks_app.flagging.flag_method import default_callback, set_up
from blocks_app.i18n import gettext
from blocks_app.interfaces.chat_answers import Reader, Wire
from blocks_app.listeners.event_data import LikeData

if TYPE_CHECKING:
    from blocks_app.interfaces.chat_page import ChatPage
    from blocks_app.interfaces.chat_turns import Dialogue

FOLDER = ".gradio/flagged"


class Feedback:
    """Keeps likes, dislikes and other words about an answer, with the conversation up to there."""

    def __init__(self, chat: ChatPage, dialogue: Dialogue, reader: Reader) -> None:
        self._dialogue, self._reader = dialogue, reader
        callback = default_callback(chat.flagging_dir)
        self._database = callback if isinstance(callback, DatabaseLogger) else None
        self._file = ChatCSVLogger()
        if self._database is not None:
            set_up(self._database, [chat.textbox], [chat.api_response, chat.chatbot], FOLDER)
        else:
            self._file.setup(chat.flagging_dir or FOLDER)

    def keep(self, history: list[Wire] | None, event: LikeData) -> None:
        """A visitor has said something of an answer. What is kept is our conversation, not what the page shows."""
        kept = self._dialogue.kept(history)
        place = self._dialogue.place(kept, event.index)
        if place is None:
            raise Error(gettext("This message is not part of the conversation any more."), print_exception=False)
        if self._database is None:
            self._file.flag(event, self._reader.for_function(kept))
        elif event.liked != "":  # which takes the word back
            asked = [each for each in kept[:place] if each["role"] == "user"][-1:]
            liked = (
                {True: "Like", False: "Dislike"}.get(event.liked, "") if isinstance(event.liked, bool) else event.liked
            )
            values = ["".join(map(self._reader.text, asked)), self._reader.text(kept[place]), kept[: place + 1]]
            self._database.flag(values, flag_option=str(liked)[:200])
