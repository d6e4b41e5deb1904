"""Processes of one site telling each other: the message bus, broadcasts of access, commands of operators, reports.

The noun is the message. For the admin and for servers, whose processes take part.

Interface: `call_names`, `commands`, `message_bus`, `reports`.
"""
