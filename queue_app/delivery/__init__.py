"""Numbered messages of a session, kept until they are acknowledged and replayed from a number."""
