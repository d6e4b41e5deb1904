"""Who is behind a request: Django's sessions and users, what is remembered of them, and what ends that.

For policies and the guard, and for whoever keeps connections open: `access_changed` tells them to ask again.

Interface: `known`, `reaching`, `sessions`, `signals`, `users`.
"""
