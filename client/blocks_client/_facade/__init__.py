"""What programs hold: clients and the jobs that they give, with threads and with asyncio.

Interface: `async_client`, `async_job`, `client`, `job`, `page_client`.
"""
