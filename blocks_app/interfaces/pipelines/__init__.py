"""Pipelines of transformers and diffusers as Interfaces, by the names of their classes: neither package is imported.

The noun is the kind of a pipeline: what it takes and gives, and how it is called. For gr.Interface.

Interface: `arguments`, `kinds`, `transformers`.
"""
