"""What a user's function is: its kind, its parameters and their annotations. Pure."""
