"""Who may use an app: `auth=`, `auth_dependency=` and `permission=` as policies that name an identity or refuse.

For the guard, and for `protect()` and `launch()`, which declare them.

Interface: `declaring`, `permissions`, `policy`.
"""
