"""What carries out the core's flows: once with threads, once with asyncio, both with httpx. They decide nothing.

Loaded with the first client, as httpx and asyncio take long.

Interface: `async_driver`, `async_reader`, `thread_driver`, `thread_pool`, `thread_reader`, `transport`.
"""
