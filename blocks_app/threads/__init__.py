"""Threads that user code runs in, and how values leave them.

For `running` and `rendering`, and for the app that serves: it makes a pool and ends it.

Interface: `bounded_channel`, `call_threads`, `pool`, `readiness`.
"""
