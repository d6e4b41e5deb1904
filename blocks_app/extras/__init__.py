"""What few programs use of the public names, loaded when one asks for it: notebooks, making themes, missing names.

Above `gr.Blocks`, with whose public part it is made; nobody below knows it.

Interface: `missing_names`, `notebooks`, `theme_builder`.
"""
