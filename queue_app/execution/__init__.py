"""A job from its submission to its end: the engine, the worker, validation, and the builder of jobs.

The noun is the job. Everybody else reaches an engine through `engine_of(mount)` and the interface `Engine`, on its
loop; operators and monitors, in Django's threads, through `control`. No other package knows the embedded engine.

Interface: `control`, `engine`, `job`, `job_factory`.
"""
