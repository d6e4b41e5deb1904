"""Who is behind a request: Django's sessions and users, what is remembered of them, and what ends that."""
