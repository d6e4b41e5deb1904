"""What the database keeps: events, sessions, files and messages between processes, written behind."""
