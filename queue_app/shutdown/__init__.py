"""The orderly end of a process, whatever serves it.

Knows nobody: whoever runs something or keeps records adds itself to `sequence`. For servers, and for whoever has to
know that the end has begun.

Door: `process_exit`, `sequence`, `signals`, `uvicorn`.
"""
