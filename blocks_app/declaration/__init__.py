"""A page as it is declared, and the place where it is mounted."""
