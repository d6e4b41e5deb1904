"""The Django app behind the demo `guest_book`: one table of guests."""
