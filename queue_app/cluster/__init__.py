"""Processes of one site telling each other: the message bus, news of access, commands of operators."""
