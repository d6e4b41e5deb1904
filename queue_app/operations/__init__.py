"""What operators see and do: the admin's pages, health, metrics, traces, checks before a deploy."""
