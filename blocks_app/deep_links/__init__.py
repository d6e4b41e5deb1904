"""Links to a page as it is: what goes into one, where it is kept, and what it opens for whom.

Interface: `contents`, `files`, `opening`, `store`.
"""
