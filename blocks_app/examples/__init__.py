"""`gr.Examples`: samples that fill inputs with a click, and answers to them that are kept.

Above Blocks, and written with what every app may use of it. For whoever declares a page, and the command that fills
the cache.

Interface: `examples`, `records`.
"""
