"""Who is there, and what is kept for them: sessions, presence, values of gr.State.

The noun is the session. For the engine; endpoints get sessions from it, and ask `session_hash` what a name may be.

Interface: `cache_state_store`, `directory`, `message_rate`, `presence`, `redis_directory`, `session_directory`,
`session_hash`, `state_expiry`, `state_keeping`, `state_store`.
"""
