"""What stands before an app: the one guard that every endpoint asks, other sites refused, login pages, attempts
counted.

For the app that mounts pages: it gives each mount a guard.

Interface: `counting`, `guard`.
"""
