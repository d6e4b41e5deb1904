"""When a function runs and how its answers travel: queue, worker, outbox, streams, embedded server."""
