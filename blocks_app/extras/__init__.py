"""What few programs use of the public names, loaded when one asks: notebooks, themes, APIs, missing names.

Above `gr.Blocks`, with whose public part it is made; nobody below knows it.

Interface: `missing_names`, `notebooks`, `openapi_app`, `server_app`, `theme_builder`.
"""
