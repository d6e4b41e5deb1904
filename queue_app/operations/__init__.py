"""What operators see and do: the admin's pages, health, metrics, traces, checks before a deploy.

The noun is the operator. For Django, which finds these by the modules at the root.

Interface: `admin`, `deploy_checks`, `health`, `metrics`, `outage_checks`, `processes`,
`redis_checks`, `tracing`.
"""
