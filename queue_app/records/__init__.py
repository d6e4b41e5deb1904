"""What the database keeps: events, sessions, files, flags and messages between processes, written behind.

The noun is the row. Hears of what happens by the signals; nothing that runs a job waits for it. For the admin, the
messages between processes, and the commands that tidy up.

Interface: `conversation_models`, `conversations`, `db_file_registry`, `event_log`, `event_models`, `file_cleanup`,
`file_models`, `flag_models`, `flags`, `link_cleanup`, `message_models`, `model_words`.
"""
