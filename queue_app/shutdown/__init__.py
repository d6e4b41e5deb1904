"""The orderly end of a process, whatever serves it.

Knows nobody: whoever runs something, keeps records or serves adds itself to `sequence`. For servers, and for whoever
has to know that the end has begun.

Interface: `hooks`, `process_exit`, `sequence`, `signals`.
"""
