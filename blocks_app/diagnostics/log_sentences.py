"""What the log says of each action of this app, with the fields of its record in braces."""

from __future__ import annotations

SENTENCES = {
    "browser_state.not_ours": "A browser has sent a BrowserState that it did not get from here; its default is used.",
    "request.unavailable": "{path} could not be answered: something that the site needs is away.",
    "flagging.failed": "A flag ({option}) could not be kept.",
    "generator.close_failed": "A generator has raised an exception while it was closed: {error}",
    "state.options_refused": "An option that a function has set for component {block} is refused when read again.",
    "pieces.not_joined": "The pieces of a stream could not be made into one file: {error}",
    "state.delete_callback_failed": "The delete_callback of the gr.State {block} has failed.",
    "render.differs": "{fn_name} has built something else than when the page was drawn: what a gr.render builds "
    "must depend on its inputs alone.",
    "ffmpeg.failed": "A film or sound could not be changed; ffmpeg says: {error}",
    "load_chat.refused": "The model's server has refused the conversation with status {status}: {said}",
    "load_chat.unreachable": "The model's server cannot be reached: {error}",
    "load_chat.not_understood": "The model's server has answered something that is no message: {error}",
    "embedding.failed": "An app could not be shown in a page of the site: {reason}",
    "files.not_expired": "Old files could not be looked for.",
    "files.not_deleted": "The old file {file} could not be deleted.",
    "example.unreadable": "The kept answer of the example {example} cannot be read, and is made anew: {error}",
    "example.damaged": "The kept answer of the example {example} is damaged, and is made anew.",
    "load.unreachable": "The server of the loaded model cannot be reached: {error}",
    "load.refused": "The server of the loaded model has refused with status {status}: {said}",
    "load.not_understood": "The server of the loaded model has answered something that was not expected: {error}",
    "load.failed": "The loaded app could not be called: {error}",
    "mailbox.failed": "A message to a thread that runs a function could not be handled.",
    "cache.unavailable": "The cache is away, and functions run as if nothing were kept: {error}",
    "cache.not_ours": "The cache has something under {cache_key} that was not put there by this site; it is not used.",
    "cache.not_kept": "An answer of {cache} is not kept: {error}",
    "cache.in_this_process": "Answers of {cache} are kept in this process alone: {error}",
    "cache.unreadable": "A kept answer of {cache} cannot be read, and is made anew: {error}",
    "cache.not_copied": "A kept answer could not be copied, and is given as it is: {error}",
    "forms.file_unreadable": "A file of the form cannot be read.",
}
