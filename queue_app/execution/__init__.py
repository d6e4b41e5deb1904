"""A job from its submission to its end: the engine, the worker, validation, and the builder of jobs.

The noun is the job. Everybody else reaches an engine through `engine_of(mount)` and the interface `Engine`, on its
loop; operators and monitors, in Django's threads, through `control`. No other package knows the embedded engine.

What engines for other processes are made of: `changes`, `memory_engine`, `render_listeners`, `terms`, `unloading`,
`validation`, `worker`. Everybody else needs no more than the rest of the interface.

Interface: `changes`, `control`, `engine`, `job`, `job_factory`, `memory_engine`, `render_listeners`, `terms`,
`unloading`, `validation`, `worker`.
"""
