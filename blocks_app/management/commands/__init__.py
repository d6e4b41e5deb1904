"""Django's place for commands; what they do stands in `management`."""
