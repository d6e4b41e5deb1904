"""Numbered messages of a session, kept until they are acknowledged and replayed from a number.

The noun is the outbox, read by subscriptions. For sessions, which have one each, the engine, which fills them, and the
endpoints, which read them. A viewer reads one event beside whoever reads its session.

Interface: `delivery_loop`, `gradio_client_timing`, `memory_outboxes`, `outbox`, `outbox_store`, `redis_outboxes`,
`sequenced_message`, `subscription`, `unread_bounds`, `viewers`.
"""
