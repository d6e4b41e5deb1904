"""What a user's function is: its kind, its name, its parameters and their annotations.

Pure; for every package that takes functions.

Interface: `annotations`, `hint_schemas`, `kinds`, `naming`, `signatures`.
"""
