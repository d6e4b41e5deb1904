"""What `manage.py` can do for a page: the reference, the types of the protocol, a new component."""
