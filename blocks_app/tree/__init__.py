"""The tree that a declaration builds: blocks, containers, components, and the context they are declared in.

Knows no listener, no file and no request; for every package after it.

Interface: `block`, `component`, `container`, `context`, `flagged`, `iterables`, `page_options`.
"""
