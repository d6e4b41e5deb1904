"""What we add to Daphne and Twisted, in one place."""
