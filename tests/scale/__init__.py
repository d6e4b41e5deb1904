"""A site of several web processes and workers, as deploy/compose.yaml has it, without containers."""

#: The file with a line for each run of a function of chaos, from all processes.
RAN = "ran"
#: What only a site of several processes is asked: functions that take a while, of which "again" has so many `retries`.
LONG, STEPS, RETRIES = ("lasting", "again"), 10, 2
