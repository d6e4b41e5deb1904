"""What events cost where several web processes and workers share one queue: `make scale`."""
