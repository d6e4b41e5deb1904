"""The Django app behind the demo `notes`: one table of notes with an owner."""
