"""The queue in Django's admin: lists of what is kept, and pages of what happens now.

The noun is the page that an operator reads. Each list stays fast however long its table is.
"""
