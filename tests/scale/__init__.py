"""A site of several web processes and workers, as deploy/compose.yaml has it, without containers."""

#: The file with a line for each run of a function of chaos, from all processes.
RAN = "ran"
