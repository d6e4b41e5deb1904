"""Values as text that is kept, and back: what is read again from a cache is data and runs nothing.

For State in a cache, and for what `gr.cache` keeps.

Interface: `codec`.
"""
