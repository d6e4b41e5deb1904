"""Who is there, and what is kept for them: sessions, presence, State."""
