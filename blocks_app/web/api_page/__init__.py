"""The page "Use via API": endpoints, calls of them to copy, and forms to try them.

The noun is the endpoint as a program's author reads of it. For the views of a mount.

Interface: `endpoints`.
"""
