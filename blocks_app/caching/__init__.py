"""Answers that are kept: what tells one function and one argument from others, `gr.cache` and `gr.Cache`.

For whoever keeps what functions of an app have answered.

Interface: `function_digest`, `memo`, `waiting`.
"""
