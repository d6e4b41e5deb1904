"""Apps and models of other servers as apps of this one: `gr.load`. They are asked by HTTP, when a visitor does
something; nothing is fetched because of what a visitor wrote.

The noun is an app elsewhere: its connection, the tree that is built from its config, the functions that call it.

Interface: `load`.
"""
