"""Threads that user code runs in, and how values leave them."""
