"""A page as it is declared, and the place where it is mounted: data that knows neither HTTP nor running.

For every package that reads a page; `gr.Blocks` is a `DeclaredPage` that can be served.

Interface: `declared_page`, `guard`, `mount`, `pages`, `placing`.
"""
