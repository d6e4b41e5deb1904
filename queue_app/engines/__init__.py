"""Engines: what executes jobs and carries their messages. One module each."""
