"""The load generator: many sessions that send queued events as Gradio's page does, one after the other.

Run as a program (`python -m benchmarks.load`), so that it has a processor of its own. It needs the standard library
and the client's reader of differences; uvloop and orjson make it faster where they are installed.
"""
