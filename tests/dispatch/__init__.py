"""Rules of the page as data: run by both ports of them, in TypeScript and in Python."""
