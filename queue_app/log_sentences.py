"""What the log says of each action of this app, with the fields of its record in braces; and its loggers."""

from __future__ import annotations

import logging

from blocks_app import logs

SENTENCES = {
    # Events
    "job.queued": "{fn_name} waits for its turn.",
    "job.started": "{fn_name} has started.",
    "job.done": "{fn_name} is done.",
    "job.cancelled": "{fn_name} was cancelled.",
    "job.failed": "{fn_name} has failed.",
    "job.invalid": "A validator has refused the inputs of listener {fn}.",
    "job.unwritable": "The answer of {fn_name} cannot be sent.",
    "job.close_failed": "A function could not be closed after its end.",
    "render.failed": "{fn_name}, which builds a part of the page, has failed.",
    "unload.failed": "{fn_name}, which runs when a visitor leaves, has failed.",
    "frame.failed": "What a page has sent could not be handled.",
    "submit.failed": "An event of a page could not be taken.",
    "function.ended": "A function has ended the process {process} in which it ran.",
    "worker.not_ready": "What worker_ready() asks for has failed; the next event tries again.",
    "worker.inputs_lost": "The inputs of {function} cannot be read: all machines need the same storage of files.",
    "cancel.untold": "Listener {fn} of {mount} was cancelled by a process that has died; its visitor is told now.",
    "worker.died": "A worker has died while it ran listener {fn} of {mount}.",
    "worker.unserved": "Listener {fn} of {mount} has ended, as no worker is there that can run it.",
    "worker.outdated": "Listener {fn} of {mount} has ended, as its page is of a version that no worker has any more.",
    "worker.misrouted": "This worker {what} {mount}, and hands on its events: start it with the site's code.",
    "worker.other_code": "This worker {what} {mount}, beside the web processes {others}. It hands on their events.",
    "worker.silent": "The process {pid} of {node} gives no sign of life, and is ended.",
    "queue.unserved": "No worker that takes from the Celery queue {queue} has {mount} in revision {revision}. "
    "Its events wait {wait} s for one, and end: start workers with the code of the web processes.",
    "work.unsent": "An event could not be handed to the workers.",
    "engine.not_ready": "The queue of an app could not connect at the start ({reason}); it tries again when asked.",
    "engine.close_failed": "The queue of an app could not be closed in order.",
    "observer.failed": "{observer}, which is told what happens, has failed.",
    "task.failed": "A task of {owner} has failed.",
    # Sessions
    "state.evicted": "The State of a session is forgotten: more than {capacity} sessions (state_session_capacity).",
    "state.fresh": "A session starts from the initial values, because more than {capacity} sessions keep state. "
    "Raise state_session_capacity if that happens often.",
    "state.option_stays": "The option {option} of component {block} cannot be kept in the cache: {error}",
    "state.not_ours": "The cache has something under {cache_key} that was not put there by this site; it is not used.",
    "state.expired": "A gr.State ({block}) has outlived its time_to_live.",
    "state.delete_callback_failed": "The delete_callback of the gr.State {block} has failed.",
    "state.away": "The cache {cache} with the State of sessions is away: {error}",
    "state.not_deleted": "The State of a session could not be deleted.",
    "session.unloaded": "A visitor has left.",
    "answers.freed": "Answers that nobody has fetched were let go of: {bytes} bytes.",
    "memory.trimmed": "Memory was given back after {sessions} sessions: {bytes} bytes.",
    "outboxes.away": "Redis, which keeps messages to visitors, is away: {reason}",
    # Connections and requests
    "reader.dropped": "A client that reads nothing was disconnected.",
    "body.lost": "The body of a request could not be kept.",
    "request.failed": "{path} has failed.",
    "request.abandoned": "Whoever asked for {path} has left.",
    "request.cut": "{path} was cut off by the end of the server.",
    "socket.unavailable": "The socket {path} could not be served: something that the site needs is away.",
    "connection.review_failed": "Whether a visitor may still use the app could not be asked.",
    "connection.evicted": "A visitor's connections were ended with the login.",
    "rates.away": "The cache that counts events is away, and nothing is limited: {error}",
    # The server
    "server.ending": "The server ends: events have {grace} s to finish.",
    "server.ended": "The server has ended.",
    "server.ending_failed": "The server could not be ended in order.",
    "server.cut_off": "The server is ended although these threads run on: {threads}",
    "reloader.looks_again": "What watches source files has failed, and looks again: {error}",
    "reloader.error_untold": "The page is not told why the app cannot be loaded: {error}",
    "share.lost": "The public link is broken, and is made anew.",
    "share.refused": "The public link could not be made anew: {reason}",
    "share.back": "The public link works again.",
    # The database, and other processes
    "database.not_migrated": "The database is not migrated: run `manage.py migrate`. Until then nothing is recorded.",
    "flags.no_table": "The database has no table for flags. {hint}",
    "files.no_table": "The database has no table for files. {hint}",
    "conversations.no_table": "The database has no table for conversations. {hint}",
    "ledger.dropped": "{changes} changes of events were not recorded, as more than {size} wait for the database.",
    "ledger.let_go": "Details of {events} old events were let go of, as much as settings say.",
    "ledger.completed": "{events} events of {mount} had ended without a word in the records; they have one now.",
    "ledger.look_failed": "Events that are old or open could not be looked for: {error}",
    "ledger.waits": "The database is away; changes of events wait for it: {error}",
    "ledger.refused": "The database has refused {changes} changes of events.",
    "ledger.plain": "The database refuses what a change of an event says; it is written in plain words: {error}",
    "ledger.lost": "The process has ended before {changes} changes of events were written.",
    "post.closed": "The messages between processes have ended: {error}",
    "post.waits": "The database is away; messages between processes wait for it: {error}",
    "post.failed": "Messages between processes could not be read.",
    "post.unknown": "A process has sent a message of a kind that this one does not know: {kind}",
    "post.looks": "Messages between processes are looked for, as the database cannot tell of them: {reason}",
    "post.deaf": "Nobody tells of messages between processes at the moment, and they are looked for: {error}",
    "post.not_notified": "Other processes could not be told of a message; they find it when they look: {error}",
    "post.hung_up": "The connection that tells of messages between processes could not be closed: {error}",
    "post.refused": "A message between processes could not be handled: {kind}",
    "admin.action": "{user} in the admin: {action} {target}",
}


def logger(name: str) -> logging.Logger:
    """The logger of a name, whose records become these sentences."""
    return logs.logger(name, SENTENCES)
