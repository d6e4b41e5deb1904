"""Pictures and sound, in and out: what sends and fetches them, and is run as a program of its own."""
