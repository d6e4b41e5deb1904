"""What operators and monitors see of the engines of this process, and what they do to them.

`operating` for all of it, from Django's threads; `inspection` is the embedded engine's side of it, `throughput` counts.
"""
