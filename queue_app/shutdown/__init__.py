"""The orderly end of a process, whatever serves it."""
