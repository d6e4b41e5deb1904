"""The door of an app: the one guard that every endpoint asks, other sites refused, login pages and their limits."""
