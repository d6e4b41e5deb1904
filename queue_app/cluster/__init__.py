"""Processes of one site telling each other: the message bus, news of access, commands of operators, reports.

The noun is the message. For the admin and for servers, whose processes take part.

Door: `commands`, `message_bus`, `reports`.
"""
