"""A site of several web processes and workers, as deploy/compose.yaml has it, without containers."""
